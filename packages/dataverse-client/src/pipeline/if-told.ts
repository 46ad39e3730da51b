import { errorText, UserError } from '@dsa/user-error'
import type { DataverseClient } from './client.ts'

/**
 * What an environment tells, where it does and a step can do without it.
 * @param untold told why it does not, such as for a line of the log
 * @returns undefined where it refuses, or cannot be reached; a canceled step ends all the same, and so does a defect of
 * ours
 */
export async function ifTold<T>(
  { signal }: Pick<DataverseClient, 'signal'>,
  ask: () => Promise<T>,
  untold: (why: string) => void = () => {},
): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error
    untold(errorText(error))
    return undefined
  }
}
