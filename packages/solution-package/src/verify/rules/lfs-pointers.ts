import { isLfsPointer, LFS_POINTER } from '../../unreadable/lfs-pointer.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** Git LFS keeps large files elsewhere; without it, a checkout has pointers, which would be packed as the files. */
export function* lfsPointers(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) if (isLfsPointer(source.read(file))) yield { file, message: LFS_POINTER }
}
