import type { MissingDependency, SolutionContentRow } from '@dsa/dataverse-client'
import type { Activation } from '../carry-out/flows.ts'
import type { ImportOutcome } from '../carry-out/follow.ts'
import type { Decision } from '../decide/decision.ts'
import type { Archive } from '../look/archive.ts'
import type { Removals } from '../look/removals.ts'
import type { Target } from '../look/target.ts'
import type { Finding } from '../prepare/findings.ts'
import type { AppliedSetting } from '../settings/settings-plan.ts'
import type { Overwritten } from '../prepare/overwritten-changes.ts'

/** What an import got to know and did, filled in on the way. What is missing was not reached or not asked. */
export interface ImportReport {
  readonly archive: Archive
  readonly environmentUrl: string
  readonly isCheck: boolean
  /** True when a running import was followed instead of starting one. */
  isFollowed?: boolean
  target?: Target
  decision?: Decision
  /** Set when the decision deletes what the new version lacks. */
  removals?: Removals
  layers?: readonly SolutionContentRow[] | undefined
  overwritten?: Overwritten | undefined
  findings?: readonly Finding[]
  /** What a check finds around the import. */
  surroundings?: readonly Finding[]
  missing?: readonly MissingDependency[]
  /** What was applied, or travels with the import. */
  settings?: readonly AppliedSetting[]
  outcome?: ImportOutcome
  elapsedMs?: number
  activation?: Activation | undefined
  /** Why the run ended without success. */
  error?: unknown
}

/** Before it is decided again: what was found for the decision before does not count any more. */
export function forgetPreparation(report: ImportReport): void {
  delete report.removals
  delete report.layers
  delete report.overwritten
  delete report.findings
  delete report.surroundings
  delete report.settings
  delete report.missing
}
