// What differs in production from what was released, as an issue.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { check, show } from '../support/checks.mjs'
import { removeLayer, writeScript } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { dropRelease, issues, makeRelease, releases, tokens } from '../support/pull-requests.mjs'
import { solution } from '../support/repository.mjs'

const script = 'lin_/scripts/order_form.js'

/**
 * A newer release waits, and somebody changes a script in production: one issue, which is brought up to date, and closed
 * when production has just what was released.
 */
export async function drift(stage) {
  await withRelease(stage, 'v1.2.0')
  const newer = await withRelease(stage, 'v1.3.0')
  await writeScript(stage.ready, 'prod', script, '// Changed in production\n')
  const found = await look(stage, 'drift')
  show('drift: the first night', found, [])
  await check('drift is found, and the issue says what', async () => {
    succeeded(found, { drift: 'success' })
    const [issue, ...others] = await issues(stage.ready)
    assert.equal(others.length, 0)
    assert.deepEqual(
      [issue.state, issue.title, issue.user.login, issue.labels.map(({ name }) => name)],
      ['open', `Drift of ${solution} in production-plan`, 'github-actions[bot]', ['drift']],
    )
    assert.match(
      issue.body,
      /1\.2\.0\.0 is installed\. The release v1\.3\.0[^]*1\.2\.0\.0 → 1\.3\.0\.0[^]*Changed by hand \(1\)[^]*order_form\.js/,
    )
  })
  await checkSecrets('drift', found, 'prod')

  const again = await look(stage, 'drift-again', { tag: 'v1.2.0' })
  await check('the same issue is brought up to date', async () => {
    succeeded(again, { drift: 'success' })
    const [issue, ...others] = await issues(stage.ready)
    assert.deepEqual([others.length, issue.state, outputsOf(again).operation], [0, 'open', 'updated'])
    assert.match(issue.body, /1\.2\.0\.0 is the release v1\.2\.0, and it is installed\.[^]*order_form\.js/)
  })

  await removeLayer(stage.ready, 'prod', script)
  const clean = await look(stage, 'drift-clean', { tag: 'v1.2.0' })
  await check('it is closed when nothing differs', async () => {
    succeeded(clean, { drift: 'success' })
    assert.equal(outputsOf(clean).operation, 'closed')
    assert.deepEqual(
      (await issues(stage.ready)).map(({ state, state_reason: reason }) => [state, reason]),
      [['closed', 'completed']],
    )
  })
  await dropRelease(stage.ready, newer)
}

/** Makes the release of a tag, where there is none. */
async function withRelease(stage, tag) {
  const found = (await releases(stage.ready)).find(({ tag_name: name }) => name === tag)
  return found ?? makeRelease(stage.ready, tag, `${solution}_managed.zip`, packed(stage, `${tag.slice(1)}.0`))
}

function look(stage, name, inputs = {}) {
  const workflow = parse(readFileSync(join(stage.folder, '.github/workflows/drift.yml'), 'utf8'))
  Object.assign(workflow.jobs.drift.with, inputs)
  const file = join(stage.work, 'drift.yml')
  writeFileSync(file, stringify(workflow))
  return stage.start(name, 'prod', ['workflow_dispatch', '-W', file], { token: tokens.drift })
}

function outputsOf({ outputs }) {
  return Object.values(outputs).find((values) => values.operation) ?? {}
}

/** The managed archive of the source, in a version. */
function packed(stage, version) {
  const file = join(stage.work, `${version}.zip`)
  execFileSync(process.execPath, [join(stage.work, 'published/dist/pack.js')], {
    env: {
      PATH: process.env.PATH,
      GITHUB_WORKSPACE: stage.work,
      'INPUT_SOLUTION-FOLDER': join(stage.folder, 'solutions', solution),
      'INPUT_SOLUTION-FILE': file,
      'INPUT_SOLUTION-TYPE': 'Managed',
      INPUT_VERSION: version,
    },
  })
  return readFileSync(file)
}
