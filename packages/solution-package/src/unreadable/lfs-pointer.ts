/** How a pointer begins that Git LFS puts in the place of a file (its specification, version 1). */
const BEGIN = Buffer.from('version https://git-lfs.github.com/spec/')

export function isLfsPointer(bytes: Uint8Array): boolean {
  return BEGIN.equals(bytes.subarray(0, BEGIN.length))
}

/** What there is to do about a pointer in the place of a file. */
export const LFS_POINTER =
  "It is a Git LFS pointer, which stands for the file. Check the repository out with 'lfs: true' (actions/checkout), or run 'git lfs pull'."
