import type { ActionDeps } from '@dsa/action-kit'
import { lostInWords, lostRows } from '@dsa/connected-action'
import type { DataverseClient } from '@dsa/dataverse-client'
import { type Deletion, hindranceInWords } from './deletion.ts'

/** Everything that a person wants to know before it is gone. */
export function describeDeletion(
  { solution, lost, hindrances }: Deletion,
  { log, summary }: Pick<ActionDeps, 'log' | 'summary'>,
): void {
  if (!solution.isManaged) {
    log.notice(
      `'${solution.uniqueName}' is unmanaged: only the solution goes. Its components and their data stay in the environment and belong to no solution of their own.`,
    )
  }
  for (const one of lost) log.info(`Goes with it: ${lostInWords(one)}`)
  for (const one of hindrances) log.info(`Stands in the way: ${hindranceInWords(one)}`)
  if (lost.length > 0) {
    summary.heading(`Goes with it (${lost.length})`)
    summary.table(['Kind', 'Name', 'With'], lostRows(lost))
  }
  if (hindrances.length > 0) {
    summary.heading(`Stands in the way (${hindrances.length})`)
    summary.list(hindrances.map(hindranceInWords))
  }
}

const ENDINGS = {
  'was deleted': 'done',
  'would be deleted': 'checked',
  'was not deleted': 'stopped',
} as const

/** How it ended, as the heading of the summary. */
export function concludeDeletion(
  { solution, patches }: Deletion,
  ending: keyof typeof ENDINGS,
  { environmentUrl }: DataverseClient,
  { summary }: Pick<ActionDeps, 'summary'>,
): void {
  const { uniqueName, version, isManaged } = solution
  summary.outcome(ENDINGS[ending], `${uniqueName} ${version} ${ending} in ${new URL(environmentUrl).host}`, [
    isManaged ? 'managed: its components go with it' : 'unmanaged: its components and their data stay',
    ...patches.map((patch) => `patch ${patch.uniqueName} ${patch.version} goes along`),
  ])
}
