/** A folder that cannot be read or written, or must not be; nothing in it has been changed. */
export class FolderError extends Error {
  override readonly name = 'FolderError'
}
