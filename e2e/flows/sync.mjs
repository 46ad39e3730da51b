// A press on the button, and what it makes of commits of people.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compareTrees, readTree } from '../../scripts/demo/trees.mjs'
import { artifactsOf } from '../support/artifacts.mjs'
import { check, show } from '../support/checks.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { commitFile, filesOn, pullFrom, tokens } from '../support/pull-requests.mjs'
import { git, sample, solution } from '../support/repository.mjs'

const branch = `sync/${solution}`

/**
 * A press on the button: version 1.1.0.0 is exported from dev, unpacked and proposed. A person commits to the branch, and
 * the next press leaves that where it is.
 */
export async function sync(stage) {
  const { folder } = stage
  const run = await press(stage, 'sync')
  const artifacts = await artifactsOf(stage.ready, 'run-sync')
  show('sync: the button', run, artifacts)
  const outputs = run.outputs['sync/sync'] ?? {}
  const exported = run.outputs['sync/sync/export'] ?? {}
  await check('sync succeeds', () => succeeded(run, { sync: 'success' }))
  await check('sync raises the version', () => {
    assert.equal(outputs['previous-version'], '1.0.0.0')
    assert.equal(outputs.version, '1.1.0.0')
  })
  await check('sync uploads both archives', () => {
    assert.match(exported['artifact-id'] ?? '', /^\d+$/)
    const files = {
      'solution.zip': exported.sha256,
      'solution_managed.zip': exported['managed-sha256'],
    }
    assert.deepEqual(artifacts, [{ name: 'dataverse-export', files }])
  })
  await check('sync writes a summary', () =>
    assert.match(
      run.summaries.join('\n'),
      /Exported LindenOrders 1\.1\.0\.0[^]*Pull request [^]* is opened[^]*Approve workflows to run/,
    ),
  )
  const pull = await pullFrom(stage.ready, branch)
  await check('sync opens a pull request, its commit signed as the bot', () => {
    assert.equal(pull?.title, `${solution} 1.1.0.0`)
    assert.equal(pull?.user.login, 'github-actions[bot]')
  })
  await check('its text is the report', () =>
    assert.match(
      pull?.body ?? '',
      /^### LindenOrders 1\.1\.0\.0 is new\n[^]*\*\*Order Status\*\*[^]*\[full report\]/,
    ),
  )
  await check('the branch holds the source of the solution, with the new version', async () => {
    const tree = await filesOn(stage.ready, branch, `solutions/${solution}`)
    const changes = compareTrees(readTree(sample), tree)
    assert.deepEqual(
      changes.map(({ path, lines }) => [path, ...lines]),
      [['Other/Solution.xml', '- <Version>1.0.0.0</Version>', '+ <Version>1.1.0.0</Version>']],
    )
  })
  await checkSecrets('sync', run, 'dev')

  const byHand = `solutions/${solution}/WebResources/lin_/scripts/order_form.js`
  await commitFile(stage.ready, branch, byHand, '// By hand\n')
  const again = await press(stage, 'sync-again')
  const tree = await filesOn(stage.ready, branch, `solutions/${solution}`)
  await check("the next sync updates the pull request, and a person's commit survives it", async () => {
    succeeded(again, { sync: 'success' })
    assert.equal((await pullFrom(stage.ready, branch))?.title, `${solution} 1.2.0.0`)
    assert.match(String(tree.get('Other/Solution.xml')), /<Version>1\.2\.0\.0</)
    assert.equal(String(tree.get('WebResources/lin_/scripts/order_form.js')), '// By hand\n')
  })
  await merge(folder, tree)
}

function press(stage, name) {
  return stage.start(
    name,
    'dev',
    ['workflow_dispatch', '-W', '.github/workflows/sync.yml', '--input', 'version=minor'],
    { token: tokens.sync },
  )
}

/** What a merge of the pull request and a pull would do here. */
async function merge(folder, tree) {
  for (const [path, bytes] of tree) {
    const file = join(folder, 'solutions', solution, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  git('-C', folder, 'add', '--all')
  git('-C', folder, 'commit', '--quiet', '--message', `${solution} 1.2.0.0`)
}
