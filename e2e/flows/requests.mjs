// What was said to GitHub by all of the other flows.
import assert from 'node:assert/strict'
import { check } from '../support/checks.mjs'
import {
  describedBy,
  hasDescription,
  howToInstallDescription,
  SERVERS,
} from '../support/github-description.mjs'

/** What was asked of GitHub, and what the emulator answered, is as GitHub describes it. */
export async function described({ exchanges }) {
  if (!hasDescription) {
    console.warn(howToInstallDescription)
    return
  }
  for (const server of SERVERS) {
    const wrongWith = describedBy(server)
    await check(
      `${exchanges.length} requests to GitHub and their answers are as ${server} describes them`,
      () => {
        assert.notEqual(exchanges.length, 0)
        assert.deepEqual([...new Set(exchanges.flatMap(wrongWith))].slice(0, 20), [])
      },
    )
  }
}
