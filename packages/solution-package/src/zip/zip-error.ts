import { UserError } from '@dsa/user-error'

/** An archive that cannot be read, or that is refused; the message names the archive and the entry. */
export class ZipError extends UserError {
  override readonly name = 'ZipError'
}
