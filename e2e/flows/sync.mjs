// A press on the button, and what it makes of commits of people.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compareTrees, readTree } from '../../scripts/demo/trees.mjs'
import { artifactsOf } from '../support/artifacts.mjs'
import { check, show } from '../support/checks.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { commitFile, filesOn, mergePull, pullFrom, pullsFrom, tokens } from '../support/pull-requests.mjs'
import { git, sample, solution } from '../support/repository.mjs'

const branch = `sync/${solution}`
const script = 'WebResources/lin_/scripts/order_form.js'

/** What a person makes of the script of a form. */
export const BY_HAND = '// By hand\n'

export async function sync(stage) {
  await firstPress(stage)
  await withCommitOfPerson(stage)
  await mergeAndPull(stage)
  await twoAtOnce(stage)
  await mergeAndPull(stage)
  await stampsAlone(stage)
  editScript(stage)
}

/** Version 1.1.0.0 is exported from dev, unpacked and proposed. */
async function firstPress(stage) {
  const run = await press(stage, 'sync', 'minor')
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
    assert.deepEqual(artifacts, [{ name: 'dataverse-export-LindenOrders', files }])
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
}

/** A person commits to the branch, and the next press leaves that where it is. */
async function withCommitOfPerson(stage) {
  await commitFile(stage.ready, branch, `solutions/${solution}/${script}`, BY_HAND)
  const again = await press(stage, 'sync-again', 'minor')
  const tree = await filesOn(stage.ready, branch, `solutions/${solution}`)
  await check("the next sync updates the pull request, and a person's commit survives it", async () => {
    succeeded(again, { sync: 'success' })
    assert.equal((await pullFrom(stage.ready, branch))?.title, `${solution} 1.2.0.0`)
    assert.match(String(tree.get('Other/Solution.xml')), /<Version>1\.2\.0\.0</)
    assert.equal(String(tree.get(script)), BY_HAND)
  })
}

/** The person's edit is not in dev, so an export takes it back. */
async function twoAtOnce(stage) {
  const runs = await Promise.all([press(stage, 'sync-one'), press(stage, 'sync-two')])
  await check('two syncs at once end with one pull request', async () => {
    for (const run of runs) succeeded(run, { sync: 'success' })
    const [pull, ...others] = await pullsFrom(stage.ready, branch)
    assert.deepEqual(others, [])
    assert.equal(pull?.title, `${solution} 1.2.0.0`)
    const operations = runs.map(({ outputs }) => outputs['sync/sync'].operation)
    assert.equal(operations.filter((operation) => operation === 'created').length, 1, String(operations))
  })
}

/** Each export stamps the version of the service anew; the repository has an older one. */
async function stampsAlone(stage) {
  const { folder, exchanges } = stage
  const manifest = join(folder, 'solutions', solution, 'Other/Solution.xml')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replace(/( OrganizationVersion=")[^"]*/, '$19.2.25010.1'))
  git('-C', folder, 'commit', '--quiet', '--all', '--message', 'As the service was before')
  const before = exchanges.length
  const run = await press(stage, 'sync-stamps')
  show('sync: nothing but stamps', run, [])
  await check(
    'nothing but stamps is no pull request, which the summary says, and nothing is sent',
    async () => {
      succeeded(run, { sync: 'success' })
      const { changed, operation } = run.outputs['sync/sync']
      assert.deepEqual({ changed, operation }, { changed: 'false', operation: 'none' })
      assert.match(run.summaries.join('\n'), /No pull request to write[^]*No component changed\./)
      assert.deepEqual(await pullsFrom(stage.ready, branch), [])
      const sent = exchanges.slice(before).filter(({ method }) => method !== 'GET')
      assert.deepEqual(
        sent.map(({ path }) => path).filter((path) => path !== '/graphql'),
        [],
      )
    },
  )
  git('-C', folder, 'reset', '--quiet', '--hard', 'HEAD~1')
}

/** A person changes the source, for the flows after this one. */
function editScript({ folder }) {
  writeFileSync(join(folder, 'solutions', solution, script), BY_HAND)
  git('-C', folder, 'commit', '--quiet', '--all', '--message', 'By hand')
}

/** @param {string} [version] empty keeps it */
function press(stage, name, version = '') {
  return stage.start(
    name,
    'dev',
    ['workflow_dispatch', '-W', '.github/workflows/sync.yml', '--input', `version=${version}`],
    { token: tokens.sync },
  )
}

/** A person merges the pull request, and pulls. */
async function mergeAndPull({ ready, folder }) {
  const pull = await pullFrom(ready, branch)
  await mergePull(ready, pull)
  const tree = await filesOn(ready, 'main', `solutions/${solution}`)
  for (const [path, bytes] of tree) {
    const file = join(folder, 'solutions', solution, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  git('-C', folder, 'add', '--all')
  git('-C', folder, 'commit', '--quiet', '--message', pull.title)
}
