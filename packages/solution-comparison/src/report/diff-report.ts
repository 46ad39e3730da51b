import type { Change, Effect, SolutionDiff } from '@dsa/solution-package/diff'

/** One solution with the folder that it lies in. */
export interface ComparedSolution extends SolutionDiff {
  readonly folder: string
}

/** The report as `report-file` holds it. The names are a contract: workflows and tools of users read them. */
export interface DiffReport {
  readonly schemaVersion: 1
  /** What was compared, for a reader: revisions, or what was given. */
  readonly compared: { readonly base: string; readonly head: string }
  readonly solutions: readonly ComparedSolution[]
  readonly counts: Counts
}

interface Counts {
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly errors: number
  readonly warnings: number
  readonly notices: number
}

export function makeReport(
  compared: DiffReport['compared'],
  solutions: readonly ComparedSolution[],
): DiffReport {
  return { schemaVersion: 1, compared, solutions, counts: countsOf(solutions) }
}

function countsOf(solutions: readonly ComparedSolution[]): Counts {
  const changes = solutions.flatMap((solution) => solution.changes)
  const effects = changes.flatMap((change) => change.effects)
  const of = (change: Change['change']): number => changes.filter((item) => item.change === change).length
  const at = (level: Effect['level']): number => effects.filter((effect) => effect.level === level).length
  return {
    added: of('added'),
    changed: of('changed'),
    removed: of('removed'),
    errors: at('error'),
    warnings: at('warning'),
    notices: at('notice'),
  }
}
