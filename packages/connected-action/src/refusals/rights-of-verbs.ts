import type { NeededRight } from './rights.ts'

/** Whatever runs as a job of the environment is followed, and looked for when an answer is lost. */
const FOLLOWING_JOBS = certain('prvReadAsyncOperation', 'following its job')
const EXPORTING = [certain('prvExportCustomization', 'every export'), FOLLOWING_JOBS]

/**
 * What each verb needs, whatever its inputs. Sources: Power Platform administration, "Miscellaneous privileges" (import,
 * publish, export); the developer's guide, "ImportSolution message privileges" (solution, customization), which says that
 * the exact set depends on the kinds of components; the privileges of the table 'Solution' for what writes its rows.
 */
export const RIGHTS_OF = {
  export: EXPORTING,
  import: [
    certain('prvImportCustomization', 'every import'),
    FOLLOWING_JOBS,
    likely('prvReadSolution', 'solutions'),
    likely('prvWriteSolution', 'solutions'),
    likely('prvReadCustomization', 'customizations'),
    likely('prvCreateCustomization', 'customizations'),
    likely('prvWriteCustomization', 'customizations'),
  ],
  upgrade: [
    certain('prvImportCustomization', 'applying an upgrade'),
    FOLLOWING_JOBS,
    likely('prvDeleteSolution', 'the base solution, which goes'),
  ],
  delete: [certain('prvDeleteSolution', 'deleting a solution'), FOLLOWING_JOBS],
  publish: [certain('prvPublishCustomization', 'publishing'), FOLLOWING_JOBS],
  'set-version': [certain('prvWriteSolution', 'setting the version')],
  clone: [certain('prvCreateSolution', 'a clone or a patch')],
  components: [certain('prvWriteSolution', 'changing what a solution holds')],
  layers: [
    certain('prvWriteSolution', 'removing a layer'),
    likely('prvWriteCustomization', 'customizations'),
  ],
  backup: EXPORTING,
} as const satisfies Readonly<Record<string, readonly NeededRight[]>>

export type Verb = keyof typeof RIGHTS_OF

function certain(name: string, purpose: string): NeededRight {
  return { name, purpose, isCertain: true }
}

function likely(name: string, purpose: string): NeededRight {
  return { name, purpose, isCertain: false }
}
