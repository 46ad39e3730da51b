// `pnpm e2e`: the workflows of samples/user-repository run in act, with the actions as a release publishes them,
// against the emulator. Nothing leaves this machine.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse, stringify } from 'yaml'
import { startEmulatorProcess } from '../scripts/demo/emulator-process.mjs'
import { compareTrees, readTree } from '../scripts/demo/trees.mjs'
import { artifactsOf } from './support/artifacts.mjs'
import { check, conclude, show } from './support/checks.mjs'
import {
  describedBy,
  hasDescription,
  howToInstallDescription,
  SERVERS,
} from './support/github-description.mjs'
import { startGithubProxy } from './support/github-proxy.mjs'
import { emulatorConfig, installedSolutions, signIns } from './support/environments.mjs'
import {
  commentsOf,
  commitFile,
  eventOf,
  filesOn,
  openPull,
  pullFrom,
  pushed,
  tokens,
} from './support/pull-requests.mjs'
import { createRepository, git, withoutUnknown } from './support/repository.mjs'
import { findAct, howToInstall, runAct } from './support/run-act.mjs'
import { runtimeToken } from './support/runtime-token.mjs'

const solution = 'LindenOrders'
const sample = 'samples/orders/solution'
const branch = `sync/${solution}`

const act = findAct()
if (act === undefined) {
  console.error(howToInstall)
  process.exit(1)
}

const work = mkdtempSync(join(tmpdir(), 'e2e-'))
const published = join(work, 'published')
execFileSync(process.execPath, ['scripts/release.mjs', '--layout', published], { stdio: 'inherit' })
withoutUnknown(published)
await check('a release is below 2 MB to download', () => {
  const size = [...readTree(published).values()].reduce((total, bytes) => total + gzipSync(bytes).length, 0)
  assert.ok(size < 2e6, `${size} bytes`)
})
const configFile = join(work, 'emulator.json')
writeFileSync(configFile, JSON.stringify(emulatorConfig(resolve(sample))))
const emulator = await startEmulatorProcess(['--config', configFile])
const github = await startGithubProxy(emulator.ready.github)
try {
  const repository = createRepository(join(work, 'repository'), 'samples/user-repository')
  await sync(repository)
  await deploy(repository)
  await review(repository)
  await rollBack(repository)
  for (const environment of ['test', 'prod']) await leak(repository, environment)
  await described()
} finally {
  await github.close()
  await emulator.stop()
  rmSync(work, { recursive: true, force: true })
}
conclude()

/**
 * A press on the button: version 1.1.0.0 is exported from dev, unpacked and proposed. A person commits to the branch, and
 * the next press leaves that where it is.
 */
async function sync({ folder }) {
  const run = await press('sync', folder)
  const artifacts = await artifactsOf(emulator.ready, 'run-sync')
  show('sync: the button', run, artifacts)
  const outputs = run.outputs['sync/export'] ?? {}
  await check('sync succeeds', () => succeeded(run, { sync: 'success' }))
  await check('sync raises the version', () => {
    assert.equal(outputs['previous-version'], '1.0.0.0')
    assert.equal(outputs['solution-version'], '1.1.0.0')
  })
  await check('sync uploads both archives', () => {
    assert.match(outputs['artifact-id'] ?? '', /^\d+$/)
    const files = {
      'solution.zip': outputs.sha256,
      'solution_managed.zip': outputs['managed-sha256'],
    }
    assert.deepEqual(artifacts, [{ name: 'dataverse-export', files }])
  })
  await check('sync writes a summary', () =>
    assert.match(
      run.summaries.join('\n'),
      /Exported LindenOrders 1\.1\.0\.0[^]*Pull request [^]* is opened[^]*Approve workflows to run/,
    ),
  )
  const pull = await pullFrom(emulator.ready, branch)
  await check('sync opens a pull request, its commit signed as the bot', () => {
    assert.equal(pull?.title, `${solution} 1.1.0.0`)
    assert.equal(pull?.user.login, 'github-actions[bot]')
  })
  await check('the branch holds the source of the solution, with the new version', async () => {
    const tree = await filesOn(emulator.ready, branch, `solutions/${solution}`)
    const changes = compareTrees(readTree(sample), tree)
    assert.deepEqual(
      changes.map(({ path, lines }) => [path, ...lines]),
      [['Other/Solution.xml', '- <Version>1.0.0.0</Version>', '+ <Version>1.1.0.0</Version>']],
    )
  })
  await checkSecrets('sync', run, 'dev')

  const byHand = `solutions/${solution}/WebResources/lin_/scripts/order_form.js`
  await commitFile(emulator.ready, branch, byHand, '// By hand\n')
  const again = await press('sync-again', folder)
  const tree = await filesOn(emulator.ready, branch, `solutions/${solution}`)
  await check("the next sync updates the pull request, and a person's commit survives it", async () => {
    succeeded(again, { sync: 'success' })
    assert.equal((await pullFrom(emulator.ready, branch))?.title, `${solution} 1.2.0.0`)
    assert.match(String(tree.get('Other/Solution.xml')), /<Version>1\.2\.0\.0</)
    assert.equal(String(tree.get('WebResources/lin_/scripts/order_form.js')), '// By hand\n')
  })
  await merge(folder, tree)
}

function press(name, folder) {
  return start(
    name,
    folder,
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

/**
 * A tag: the managed archive is built, imported into test, and in a second run into production, after the plan.
 */
async function deploy({ folder, origin }) {
  git('-C', folder, 'push', '--quiet', origin, 'main')
  git('-C', folder, 'tag', 'v1.2.0')
  git('-C', folder, 'push', '--quiet', origin, 'v1.2.0')
  const onlyTest = caller(folder, { environments: '[]' })
  const test = await start('test', folder, 'test', ['push', '-W', onlyTest])
  await checkDeployment('test', test, 'test', { build: 'success', changes: 'success', test: 'success' })
  await check('production is untouched by the run for test', async () => {
    assert.deepEqual(await installedSolutions(emulator.ready, 'prod', solution), [])
  })
  const production = await start('production', folder, 'prod', [
    'push',
    '-W',
    caller(folder, { 'test-environment': '', 'plan-environment': 'production-plan' }),
  ])
  await checkDeployment('production', production, 'prod', {
    build: 'success',
    changes: 'success',
    plan: 'success',
    deploy: 'success',
  })
  await check('the plan says what the import will do, before it', () => {
    const [plan, deployed] = ['Check only: nothing was changed', 'Installed LindenOrders 1.2.0.0'].map(
      (text) => production.summaries.findIndex((summary) => summary.includes(text)),
    )
    assert.ok(plan !== -1 && plan < deployed, production.summaries.join('\n'))
  })
  await check('both runs deploy the same bytes', () => {
    const [first, second] = [test, production].map((run) => packed(run)['managed-sha256'])
    assert.match(first, /^[0-9a-f]{64}$/)
    assert.equal(first, second)
  })
  await withoutSecret(folder)
}

/** What a caller that forgot `secrets: inherit` sees. */
async function withoutSecret(folder) {
  const onlyTest = caller(folder, { environments: '[]' })
  const run = await start('no-secret', folder, 'test', ['push', '-W', onlyTest], { secrets: {} })
  await check('a secret of an environment that comes out empty is an error with the reason', () => {
    assert.equal(run.jobs.test, 'failure')
    assert.match(run.errors.join('\n'), /of the environment 'test' is empty[^]*'secrets: inherit'/)
  })
}

/** By hand, with an older tag. */
async function rollBack({ folder }) {
  git('-C', folder, 'checkout', '--quiet', '--detach')
  git('-C', folder, 'commit', '--quiet', '--allow-empty', '--message', 'An older state')
  git('-C', folder, 'tag', 'v1.1.0')
  const workflow = caller(folder, { environments: '[]' })
  const by = (input) => ['workflow_dispatch', '-W', workflow, '--input', `roll-back=${input}`]
  const refused = await start('refused', folder, 'test', by('false'))
  await check('an older tag is refused', () => {
    assert.equal(refused.jobs.test, 'failure')
    assert.match(refused.errors.join('\n'), /1\.1\.0\.0[^]*1\.2\.0\.0/)
  })
  const run = await start('roll-back', folder, 'test', by('true'))
  await check(
    'an older tag goes over a newer version by hand, and the summary says before what stays',
    () => {
      succeeded(run, { build: 'success', changes: 'success', test: 'success' })
      assert.match(run.summaries.join('\n'), /Dataverse has no undo/)
      const imported = Object.values(run.outputs).find((values) => values['import-job-id'])
      assert.equal(imported?.decision, 'update')
    },
  )
  git('-C', folder, 'checkout', '--quiet', 'main')
  git('-C', folder, 'tag', '--delete', 'v1.1.0')
}

/**
 * A pull request from a branch of the repository: it gets a comment, and test is asked what an import would do, and
 * stays as it is. A second push brings the comment up to date. A fork has the summary alone.
 */
async function review({ folder }) {
  const base = git('-C', folder, 'rev-parse', 'main').trim()
  git('-C', folder, 'checkout', '--quiet', '-b', 'change')
  const pull = await openPull(emulator.ready, {
    branch: 'change',
    base,
    head: require(folder, 'required'),
  })
  const run = await start('check', folder, 'test', onPull(pull))
  show('check: a pull request', run, [])
  await check('check and review succeed', () => succeeded(run, { check: 'success', review: 'success' }))
  await check('check says what an import would do', () => {
    const outputs = Object.values(run.outputs).find((values) => values.decision)
    assert.equal(outputs?.decision, 'update')
    assert.equal(outputs?.changed, 'false')
    assert.match(run.summaries.join('\n'), /LindenOrders/)
  })
  await check('test is as it was before the check', async () => {
    assert.deepEqual(await installedSolutions(emulator.ready, 'test', solution), [
      { version: '1.2.0.0', ismanaged: true },
    ])
  })
  await checkSecrets('check', run, 'test')
  const [first, ...others] = await commentsOf(emulator.ready, pull)
  await check('the pull request has one comment, with what changed', () => {
    assert.equal(others.length, 0)
    assert.match(first?.body ?? '', /Notes[^]*Optional[^]*Business required/)
  })

  const second = await start(
    'second-push',
    folder,
    'test',
    onPull(await pushed(emulator.ready, pull, require(folder, 'recommended'))),
  )
  await check('a second push brings the same comment up to date', async () => {
    succeeded(second, { review: 'success', check: 'success' })
    const [comment, ...more] = await commentsOf(emulator.ready, pull)
    assert.equal(more.length, 0)
    assert.equal(comment.id, first?.id)
    assert.match(comment.body, /Optional[^]*Business recommended/)
  })

  const fork = await openPull(emulator.ready, {
    branch: 'change',
    base,
    head: git('-C', folder, 'rev-parse', 'HEAD').trim(),
    owner: 'contributor',
  })
  const foreign = await start('fork', folder, 'test', onPull(fork), { token: tokens.fork, api: '/api/v3' })
  show('check: a pull request of a fork', foreign, [])
  await check('a fork has the summary alone, which is said, and the run is green', async () => {
    succeeded(foreign, { review: 'success' })
    assert.match(foreign.summaries.join('\n'), /Business recommended/)
    assert.match(foreign.log.join('\n'), /comes from a fork/)
    assert.match(foreign.summaries.join('\n'), /No environment was asked/)
    assert.deepEqual(await commentsOf(emulator.ready, fork), [])
  })
  git('-C', folder, 'checkout', '--quiet', 'main')
}

/** Commits how much the column Notes is required. */
function require(folder, level) {
  const file = join(folder, 'solutions', solution, 'Entities/lin_Order/Entity.xml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(/(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)\w+/, `$1${level}`),
  )
  git('-C', folder, 'commit', '--quiet', '--all', '--message', `Notes: ${level}`)
  return git('-C', folder, 'rev-parse', 'HEAD').trim()
}

function onPull(pull) {
  const event = join(work, `pull-request-${pull.number}.json`)
  writeFileSync(event, JSON.stringify(eventOf(pull)))
  return ['pull_request', '--eventpath', event, '-W', '.github/workflows/check.yml']
}

/** What was asked of GitHub, and what the emulator answered, is as GitHub describes it. */
async function described() {
  if (!hasDescription) {
    console.warn(howToInstallDescription)
    return
  }
  for (const server of SERVERS) {
    const wrongWith = describedBy(server)
    await check(
      `${github.exchanges.length} requests to GitHub and their answers are as ${server} describes them`,
      () => {
        assert.notEqual(github.exchanges.length, 0)
        assert.deepEqual([...new Set(github.exchanges.flatMap(wrongWith))].slice(0, 20), [])
      },
    )
  }
}

/** The log says why not; it is the one that a person sees, in which secrets are masked. */
function succeeded({ jobs, log }, expected) {
  assert.deepEqual(jobs, expected, log.join('\n'))
}

function packed({ outputs }) {
  return Object.values(outputs).find((values) => values['managed-sha256']) ?? {}
}

/**
 * act knows no secrets of environments: a run has one set of values for all of its jobs. So the caller of the sample
 * is run for one environment after the other.
 *
 * @param {Record<string, string>} inputs other ones than the sample gives
 */
function caller(folder, inputs) {
  const workflow = parse(readFileSync(join(folder, '.github/workflows/deploy.yml'), 'utf8'))
  Object.assign(workflow.jobs.deploy.with, inputs)
  const file = join(work, 'deploy.yml')
  writeFileSync(file, stringify(workflow))
  return file
}

async function checkDeployment(job, run, environment, jobs) {
  const artifacts = await artifactsOf(emulator.ready, `run-${job}`)
  show(`deploy: the tag v1.2.0, job ${job}`, run, artifacts)
  const outputs = Object.entries(run.outputs).find(([, values]) => values['import-job-id'])
  await check(`${job} succeeds`, () => succeeded(run, jobs))
  await check(`${job} takes the archive from the artifact of the build, and keeps a record`, () => {
    const [record, build] = artifacts.toSorted((a, b) => (a.name < b.name ? 1 : -1))
    assert.deepEqual(build, {
      name: 'dataverse-build',
      files: { 'solution_managed.zip': packed(run)['managed-sha256'] },
    })
    assert.equal(record?.name, `record-${job}`)
  })
  await check(`${job} installs the version of the tag`, () => {
    assert.equal(outputs?.[1].decision, 'install')
    assert.equal(outputs?.[1].version, '1.2.0.0')
    assert.match(outputs?.[1]['import-job-id'] ?? '', /^[0-9a-f-]{36}$/)
  })
  await check(`${job} has summaries of packing and importing`, () => {
    assert.match(run.summaries.join('\n'), /Packed LindenOrders 1\.2\.0\.0/)
    assert.match(run.summaries.join('\n'), /1\.2\.0\.0[^]*install/i)
  })
  await check(`${environment} has the managed solution, by its own answer`, async () => {
    assert.deepEqual(await installedSolutions(emulator.ready, environment, solution), [
      { version: '1.2.0.0', ismanaged: true },
    ])
  })
  await checkSecrets(job, run, environment)
}

/** A run that fails after it signed in, and then a step that prints the secret. */
async function leak({ folder }, environment) {
  const workflow = resolve('e2e/workflows/masking.yml')
  const name = `leak-${environment}`
  const values = { DATAVERSE_CLIENT_SECRET: signIns[environment].secret }
  const run = await start(name, folder, environment, ['workflow_dispatch', '-W', workflow], {
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

async function checkSecrets(name, run, environment) {
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

async function start(name, folder, environment, event, values = {}) {
  const { ready } = emulator
  const { appId, secret } = signIns[environment]
  const {
    secrets = { DATAVERSE_CLIENT_SECRET: secret },
    variables = {},
    token = tokens.job,
    api = '',
  } = values
  return runAct(act, {
    cwd: folder,
    event,
    cache: join(work, 'cache'),
    repositories: {
      'some-org/dataverse-solution-actions@v0': published,
    },
    environment: {
      RUNNER_DEBUG: '1',
      GITHUB_API_URL: `${github.address}${api}`,
      ACTIONS_RESULTS_URL: ready.artifacts,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(`run-${name}`),
    },
    secrets: { ...secrets, GITHUB_TOKEN: token },
    variables: {
      ...variables,
      DATAVERSE_URL: ready.environments[environment],
      DATAVERSE_TENANT_ID: ready.tenantId,
      DATAVERSE_APP_ID: appId,
      DATAVERSE_AUTHORITY: ready.authority,
    },
  })
}
