import type { Annotation } from '@dsa/action-kit'
import { errorAdvice } from '@dsa/dataverse-client'
import type { ComponentResult } from '../carry-out/import-job-data.ts'
import type { Decision } from '../decide/decision.ts'
import type { Archive } from '../look/archive.ts'
import type { Target } from '../look/target.ts'

/** What the decision is called where people read it. */
export const DECISION_WORDS: Readonly<Record<Decision['action'], string>> = {
  install: 'install',
  update: 'update (adds and changes, removes nothing)',
  upgrade: 'upgrade (removes what the new version lacks)',
  stage: 'stage beside the old version',
  promote: 'apply the staged upgrade',
  import: 'import unmanaged (merges)',
  skip: 'skip',
  refuse: 'refuse',
}

export function kindOf(managed: boolean): string {
  return managed ? 'managed' : 'unmanaged'
}

function sizeOf(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** The decision as lines for the log. */
export function decisionLines(archive: Archive, target: Target, decision: Decision): readonly string[] {
  return [
    `Archive      ${archive.name} ${archive.version}, ${kindOf(archive.managed)}, ${sizeOf(archive.bytes.length)}`,
    `Environment  ${target.organization.friendlyName || 'unnamed'}, ${target.kind} (${target.organization.organizationType}), Dataverse ${target.organization.version}`,
    `It has       ${target.installed === undefined ? 'nothing of that name' : `${target.installed.version}, ${kindOf(target.installed.isManaged)}`}`,
    `Decision     ${DECISION_WORDS[decision.action]}: ${decision.because}`,
  ]
}

/** An annotation for each component that failed. */
export function componentAnnotations(results: readonly ComponentResult[]): readonly Annotation[] {
  return results
    .filter(({ level }) => level === 'error')
    .map(({ kind, name, code, text }) => ({
      level: 'error',
      title: [kind, name].filter((part) => part !== '').join(' '),
      message: `${code} ${text} ${errorAdvice(code)?.next ?? ''}`.trim(),
    }))
}
