import { COMPONENTS } from '@dsa/solution-package'
import { RIGHTS_OF } from '@dsa/connected-action'
import type { NeededRight } from '@dsa/connected-action'
import type { Archive } from '../look/archive.ts'
import type { Action } from '../decide/decision.ts'
import type { Inputs } from '../inputs.ts'

/** What the rows below look at. */
interface Undertaking {
  readonly action: Action
  readonly archive: Archive
  /** Whether the environment has the solution already. */
  readonly isThere: boolean
  readonly inputs: Pick<Inputs, 'publishChanges' | 'backupArtifactName' | 'flows'>
}

export interface NeededPrivilege extends NeededRight {
  readonly when: (undertaking: Undertaking) => boolean
}

function always(): boolean {
  return true
}
/** A new component of a kind is created; one that is there is only written. */
function brings({ type }: { readonly type: number }) {
  return ({ archive, isThere }: Undertaking): boolean =>
    !isThere && archive.manifest.rootComponents.some((root) => Number(root.type) === type)
}

/** Asked for even where everything else may be done: without it the archive cannot be uploaded for its check. */
export const STAGING_PRIVILEGE = 'prvImportCustomization'

/**
 * What an import needs. Sources: Power Platform administration, "Miscellaneous privileges" (import, publish, export);
 * the developer's guide, "ImportSolution message privileges" (solution, customization), which says that the exact set
 * depends on the kinds of components; for those kinds, the privileges that failed imports name in their messages
 * ("is missing prvCreateWebResource privilege", "PrivilegeName: prvCreateEntity"); "Workflow entity privileges".
 */
export const NEEDED_PRIVILEGES: readonly NeededPrivilege[] = [
  ...RIGHTS_OF.import.map((right) => ({ ...right, when: always })),
  {
    name: 'prvPublishCustomization',
    purpose: "'publish-changes'",
    when: ({ inputs }) => inputs.publishChanges,
    isCertain: true,
  },
  {
    name: 'prvExportCustomization',
    purpose: "'backup-artifact-name'",
    when: ({ action, inputs, isThere }) =>
      action === 'import' && isThere && inputs.backupArtifactName !== undefined,
    isCertain: true,
  },
  { name: 'prvCreateEntity', purpose: 'new tables', when: brings(COMPONENTS.table), isCertain: false },
  { name: 'prvCreateOptionSet', purpose: 'new choices', when: brings(COMPONENTS.choice), isCertain: false },
  {
    name: 'prvCreateWorkflow',
    purpose: 'new processes and flows',
    when: brings(COMPONENTS.process),
    isCertain: false,
  },
  {
    name: 'prvCreateWebResource',
    purpose: 'new web resources',
    when: brings(COMPONENTS.webResource),
    isCertain: false,
  },
  {
    name: 'prvCreateCustomControl',
    purpose: 'new code components',
    when: brings(COMPONENTS.codeComponent),
    isCertain: false,
  },
  {
    name: 'prvWriteWorkflow',
    purpose: "'flows'",
    when: ({ inputs }) => inputs.flows !== 'keep',
    isCertain: false,
  },
]
