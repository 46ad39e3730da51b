import { UserError } from '@dsa/user-error'

/** A folder that cannot be read or written, or must not be; nothing in it has been changed. */
export class FolderError extends UserError {
  override readonly name = 'FolderError'
}
