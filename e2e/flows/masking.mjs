// What a person sees of the secrets of a run.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, show } from '../support/checks.mjs'
import { signIns } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { asPublished } from '../support/repository.mjs'

/** A run that fails after it signed in, and then a step that prints the secret. */
export async function leak(stage, environment) {
  const workflow = join(stage.work, 'masking.yml')
  writeFileSync(workflow, asPublished(readFileSync('e2e/workflows/masking.yml', 'utf8')))
  const name = `leak-${environment}`
  const values = { DATAVERSE_CLIENT_SECRET: signIns[environment].secret }
  const run = await stage.start(name, environment, ['workflow_dispatch', '-W', workflow], {
    secrets: {},
    variables: values,
  })
  show(`masking: a failing export from ${environment}, then a step that prints the secret`, run, [])
  await check(`${name} fails for the reason that it is given, and goes on`, () => {
    succeeded(run, { leak: 'success' })
    assert.match(run.errors.join('\n'), /NotThere/)
  })
  await check(`${name} prints *** where the secret would be`, () =>
    assert.match(run.log.join('\n'), /The client secret is \*\*\*\./),
  )
  await checkSecrets(name, run, environment)
}
