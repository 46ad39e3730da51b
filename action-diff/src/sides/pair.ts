import type { InstalledSolution } from '@dsa/solution-comparison'
import type { ComparedTree, SolutionDiff } from '@dsa/solution-package/diff'

/** Two versions of a solution. */
export interface Pair {
  /** The folder in the repository; what was given where it is none. */
  readonly folder: string
  readonly base: ComparedTree | undefined
  readonly head: ComparedTree | undefined
  /** The folder of the base, where it is another one. */
  readonly movedFrom?: string
  /** False for a solution of a folder that nobody asked for, which counts only where it is a wanted one that moved. */
  readonly isWanted?: boolean
  /** What differs in the folder and cannot be read. */
  readonly unread?: SolutionDiff['unexplained']
  /** What an environment has of it, where that is compared with. */
  readonly installed?: InstalledSolution
}
