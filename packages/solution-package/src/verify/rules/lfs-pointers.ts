import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** How a pointer begins that Git LFS puts in the place of a file (its specification, version 1). */
const begin = Buffer.from('version https://git-lfs.github.com/spec/')

/** Git LFS keeps large files elsewhere; without it, a checkout has pointers, which would be packed as the files. */
export function* lfsPointers(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) {
    if (!isLfsPointer(source.read(file))) continue
    yield {
      file,
      message:
        "It is a Git LFS pointer, which stands for the file. Check the repository out with 'lfs: true' (actions/checkout), or run 'git lfs pull'.",
    }
  }
}

export function isLfsPointer(bytes: Uint8Array): boolean {
  return begin.equals(bytes.subarray(0, begin.length))
}
