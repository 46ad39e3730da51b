import { GithubError } from './github-error.ts'
import type { GitHub } from './connect.ts'

const MAX_SENDS = 3

/** A row of GitHub's can appear a moment after the request that made it broke off. */
const LOOKS_MS = [1_000, 4_000]

/**
 * Takes something away that was there a moment ago. One that is gone is what is wanted: another run was first, or the
 * answer of an earlier sending was lost.
 */
export async function takenAway(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof GithubError) || error.status !== 404) throw error
  }
}

/**
 * Makes something that must not be made twice. When the answer is lost, what was made is looked for, and only when it
 * is not there is the request sent again.
 *
 * @param create sends the request, once
 * @param find looks for what it makes
 */
export async function madeOnce<Made>(
  { log, sleep }: GitHub,
  create: () => Promise<Made>,
  find: () => Promise<Made | undefined>,
): Promise<Made> {
  for (let sends = 1; ; sends++) {
    try {
      return await create()
    } catch (error) {
      if (!(error instanceof GithubError) || !error.isLost) throw error
      log.info(`${error.message} Whether it was carried out is looked up before anything is sent again.`)
      for (const waitMs of LOOKS_MS) {
        await sleep(waitMs)
        const found = await find()
        if (found !== undefined) return found
      }
      if (sends === MAX_SENDS) throw error
    }
  }
}
