/** How a pointer begins that Git LFS puts in the place of a file (its specification, version 1). */
const BEGIN = Buffer.from('version https://git-lfs.github.com/spec/')

export function isLfsPointer(bytes: Uint8Array): boolean {
  return BEGIN.equals(bytes.subarray(0, BEGIN.length))
}

/** What there is to do about a pointer in the place of a file. */
export const LFS_POINTER =
  "It is a Git LFS pointer, which stands for the file. Check the repository out with 'lfs: true' (actions/checkout), or run 'git lfs pull'."

/** What a pointer says of the file that it stands for; undefined for what is no pointer. */
export function lfsPointer(bytes: Uint8Array): { readonly id: string; readonly size: number } | undefined {
  if (!isLfsPointer(bytes)) return undefined
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_BYTES))
  const [id, size] = [/^oid (\S+)$/m.exec(text)?.[1], /^size (\d+)$/m.exec(text)?.[1]]
  return id === undefined || size === undefined ? undefined : { id, size: Number(size) }
}

/** A pointer is smaller, by its specification. */
const MOST_BYTES = 1024
