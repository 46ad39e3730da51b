// A development environment from source.
import assert from 'node:assert/strict'
import { artifactsOf } from '../support/artifacts.mjs'
import { check, show } from '../support/checks.mjs'
import { scriptOf, writeScript } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { BY_HAND } from './sync.mjs'

const script = 'lin_/scripts/order_form.js'
/** Somebody broke a script in dev. It gets that of the repository, and what was there is in the backup. Production is refused. */
export async function restore(stage) {
  await writeScript(stage.ready, 'dev', script, '// Broken\n')
  const run = await press(stage, 'restore', 'dev')
  const artifacts = await artifactsOf(stage.ready, 'run-restore')
  show('restore: the button', run, artifacts)
  await check('restore succeeds', () => succeeded(run, { restore: 'success' }))
  await check('the development environment has what the source has', async () =>
    assert.equal(await scriptOf(stage.ready, 'dev', script), BY_HAND),
  )
  await check('what was there is in the artifact of the backup, before the import', () => {
    assert.deepEqual(
      artifacts.map(({ name, files }) => [name, Object.keys(files)]),
      [['dataverse-backup-dev-LindenOrders', ['LindenOrders.zip']]],
    )
    const order = [/Check only/, /Backed up 1 of 1 solution/, /LindenOrders 1\.2\.0\.0/].map((text) =>
      run.summaries.findIndex((summary) => text.test(summary)),
    )
    assert.ok(!order.includes(-1) && order[0] < order[1], run.summaries.join('\n---\n'))
  })
  await check('the summary says what is overwritten', () =>
    assert.match(run.summaries.join('\n'), /web resource \| \*\*Order form script\*\* · Content/),
  )
  await checkSecrets('restore', run, 'dev')

  const refused = await press(stage, 'restore-production', 'prod')
  await check('production is refused before anything is done there', async () => {
    assert.equal(refused.jobs.restore, 'failure')
    assert.match(refused.errors.join('\n'), /production/)
    assert.deepEqual(await artifactsOf(stage.ready, 'run-restore-production'), [])
  })
}

function press(stage, name, environment) {
  return stage.start(name, environment, ['workflow_dispatch', '-W', '.github/workflows/restore.yml'])
}
