import type { FileSet } from '../source-tree.ts'
import type { UnpackedSolution } from '../unpack/unpack-solution.ts'

/** What an archive becomes in a folder, in whatever format. */
export interface UnpackedSource extends Omit<UnpackedSolution, 'files'> {
  readonly files: FileSet
  /** The number of files. */
  readonly size: number
  /** How lines of a new file end, where the folder does not say it. */
  readonly newLines: 'lf' | 'crlf'
  /** Whether the folder holds a solution that may be replaced; undefined where its files say so as those of XML do. */
  readonly holdsSolution?: boolean
  /** Whether a file of the folder stays, though it is none of these: it is another solution's, or nobody's. */
  keeps(path: string): boolean
}
