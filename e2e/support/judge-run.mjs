// What holds for every run.
import assert from 'node:assert/strict'
import { check } from './checks.mjs'
import { signIns } from './environments.mjs'

/** The log says why not; it is the one that a person sees, in which secrets are masked. */
export function succeeded({ jobs, log }, expected) {
  assert.deepEqual(jobs, expected, log.join('\n'))
}

export async function checkSecrets(name, run, environment) {
  const log = run.log.join('\n')
  await check(`${name} shows no secret, and masks tokens as well`, () => {
    const secrets = [signIns[environment].secret, ...run.masked].filter((value) => value.length >= 8)
    assert.ok(run.masked.includes(signIns[environment].secret), 'the secret was not masked')
    assert.ok(
      run.masked.some((value) => value.startsWith('eyJ')),
      'the access token was not masked',
    )
    assert.deepEqual(
      secrets.filter((value) => log.includes(value)),
      [],
    )
  })
}
