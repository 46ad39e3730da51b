import type { Change, Effect, SolutionDiff } from '@dsa/solution-package/diff'

/** A finding, with what a person said of it. */
export interface ReportedEffect extends Effect {
  /** Why it is accepted. Then it is not counted, and fails no step. */
  readonly accepted?: {
    readonly reason: string
    /** Whether the pull request itself accepts it. */
    readonly isNew: boolean
  }
  /** The last day on which it was accepted; it counts again. */
  readonly acceptedUntil?: string
}

export interface ReportedChange extends Omit<Change, 'effects'> {
  readonly effects: readonly ReportedEffect[]
}

/** What an environment has of a solution. */
export interface InstalledSolution {
  /** Its host, such as `contoso.crm4.dynamics.com`. */
  readonly environment: string
  /** Null where it is not installed. */
  readonly version: string | null
  readonly isManaged: boolean
}

/** One solution with the folder that it lies in. */
export interface ComparedSolution extends Omit<SolutionDiff, 'changes'> {
  readonly folder: string
  readonly changes: readonly ReportedChange[]
  /** Components that a configuration leaves out. */
  readonly ignored?: number
  /** Where it was compared with what is installed in an environment. */
  readonly installed?: InstalledSolution
}

/** Where levels and ignored components come from. */
export interface ConfigurationOrigin {
  /** From the root of the repository. */
  readonly file: string
  /** The revision that was read, such as `main@1a2b3c4`; null for the checkout. */
  readonly revision: string | null
  /** Whether the pull request changes the file, which counts from the merge on. */
  readonly isChanged: boolean
}

/** The report as `report-file` holds it. The names are a contract: workflows and tools of users read them. */
export interface DiffReport {
  readonly schemaVersion: 1
  /** What was compared, for a reader: revisions, or what was given. */
  readonly compared: { readonly base: string; readonly head: string }
  readonly solutions: readonly ComparedSolution[]
  readonly counts: Counts
  /** Null without a file. */
  readonly configuration: ConfigurationOrigin | null
}

/** Effects by level are those that nobody accepted. */
interface Counts {
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly errors: number
  readonly warnings: number
  readonly notices: number
  readonly accepted: number
}

/** Findings that count: those that nobody accepted. */
export function openEffects(change: ReportedChange): readonly ReportedEffect[] {
  return change.effects.filter(({ accepted }) => accepted === undefined)
}

export function makeReport(
  compared: DiffReport['compared'],
  solutions: readonly ComparedSolution[],
  configuration: ConfigurationOrigin | null = null,
): DiffReport {
  return { schemaVersion: 1, compared, solutions, counts: countsOf(solutions), configuration }
}

function countsOf(solutions: readonly ComparedSolution[]): Counts {
  const changes = solutions.flatMap((solution) => solution.changes)
  const effects = changes.flatMap(openEffects)
  const of = (change: Change['change']): number => changes.filter((item) => item.change === change).length
  const at = (level: Effect['level']): number => effects.filter((effect) => effect.level === level).length
  return {
    added: of('added'),
    changed: of('changed'),
    removed: of('removed'),
    errors: at('error'),
    warnings: at('warning'),
    notices: at('notice'),
    accepted: changes.flatMap((change) => change.effects).length - effects.length,
  }
}
