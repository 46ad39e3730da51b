import { UserError } from '@dsa/user-error'

/**
 * Says of an error in which solution it is, since messages name files below its folder.
 * @throws UserError as the work does
 */
export async function inFolder<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError) || folder === '.') throw error
    throw new UserError(`${folder}: ${error.message}`, { cause: error })
  }
}
