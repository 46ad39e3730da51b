import type { MissingDependency, SolutionContentRow } from '@dsa/dataverse-client'
import type { Activation } from '../carry-out/flows.ts'
import type { ImportOutcome } from '../carry-out/follow.ts'
import type { Decision } from '../decide/decision.ts'
import type { InputMode } from '../inputs.ts'
import type { Archive } from '../look/archive.ts'
import type { Removals } from '../look/removals.ts'
import { readEnvironment } from '../look/target.ts'
import type { Environment, Target } from '../look/target.ts'
import type { Finding } from '../prepare/findings.ts'
import type { Overwritten } from '../prepare/overwritten-changes.ts'
import type { Session } from '../session.ts'
import type { AppliedSetting, ReferenceBinding } from '../settings/settings-plan.ts'

/** What a run got to know and did, filled in on the way. What is missing was not reached or not asked. */
export interface ImportReport {
  readonly mode: InputMode
  /** Unique name of the solution; '' in mode `settings` without an archive. */
  readonly solutionName: string
  readonly archive: Archive | undefined
  readonly environmentUrl: string
  /** Milliseconds since 1970. */
  readonly startedMs: number
  /** What could not be looked at, in words for people. */
  readonly notChecked: string[]
  /** True when a running import was followed instead of starting one. */
  isFollowed?: boolean
  environment?: Environment
  target?: Target
  decision?: Decision
  /** Versions before and after a staged upgrade was applied. */
  promoted?: { readonly from: string; readonly to: string }
  /** Set when the decision deletes what the new version lacks. */
  removals?: Removals
  /** What the service is expected to refuse, from the comparison of two archives. */
  refusals?: readonly Finding[]
  layers?: readonly SolutionContentRow[] | undefined
  overwritten?: Overwritten | undefined
  findings?: readonly Finding[]
  /** What a check finds around the import. */
  surroundings?: readonly Finding[]
  missing?: readonly MissingDependency[]
  /** What was applied, or travels with the import. */
  settings?: readonly AppliedSetting[]
  /** The connection references of the archive. */
  references?: readonly ReferenceBinding[]
  /** Ids of the job on the server, as soon as they are known. */
  asyncOperationId?: string | undefined
  importJobId?: string | undefined
  outcome?: ImportOutcome
  /** Of the import itself. */
  elapsedMs?: number
  activation?: Activation | undefined
  /** What the environment has afterwards. */
  version?: string | undefined
  /** The job was sent and its end was not seen. */
  unfinished?: 'still-running' | 'unknown' | undefined
  /** Why the run ended without success. */
  error?: unknown
}

/** What the environment is, asked once in a run: people know it by its name. */
export async function identify(
  { client, inputs }: Pick<Session, 'client' | 'inputs'>,
  report: ImportReport,
): Promise<Environment> {
  report.environment ??= await readEnvironment(client, inputs.environmentKind)
  return report.environment
}

/** Before it is decided again: what was found for the decision before does not count any more. */
export function forgetPreparation(report: ImportReport): void {
  delete report.removals
  delete report.refusals
  delete report.layers
  delete report.overwritten
  delete report.findings
  delete report.surroundings
  delete report.settings
  delete report.missing
  delete report.references
  report.notChecked.length = 0
}

/** When what was followed turns out to be somebody else's. */
export function forgetFollowed(report: ImportReport): void {
  delete report.isFollowed
  delete report.asyncOperationId
  delete report.importJobId
}

/** The environment as people know it: its name, or its host where the name is not known. */
export function environmentName({ environment, environmentUrl }: ImportReport): string {
  const name = environment?.organization.friendlyName ?? ''
  return name === '' ? new URL(environmentUrl).host : name
}
