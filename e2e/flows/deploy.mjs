// From a tag to production, and back.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { artifactsOf } from '../support/artifacts.mjs'
import { check, show } from '../support/checks.mjs'
import { fault, installedSolutions } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { pushTag, releases, tokens } from '../support/pull-requests.mjs'
import { git, solution } from '../support/repository.mjs'

/**
 * A tag: the managed archive is built, imported into test, and in a second run into production, after the plan.
 */
export async function deploy(stage) {
  const { folder, origin } = stage
  git('-C', folder, 'push', '--quiet', origin, 'main')
  git('-C', folder, 'tag', 'v1.0.0', 'HEAD^')
  git('-C', folder, 'tag', 'v1.2.0')
  git('-C', folder, 'push', '--quiet', origin, 'v1.2.0')
  await pushTag(stage.ready, 'v1.2.0', git('-C', folder, 'rev-parse', 'HEAD').trim())
  const onlyTest = caller(stage, { environments: '[]', release: false })
  const test = await stage.start('test', 'test', ['push', '-W', onlyTest])
  await checkDeployment(stage, 'test', test, 'test', {
    build: 'success',
    changes: 'success',
    'test (test)': 'success',
    deployments: 'success',
  })
  await check('production is untouched by the run for test', async () => {
    assert.deepEqual(await installedSolutions(stage.ready, 'prod', solution), [])
  })
  const production = await stage.start(
    'production',
    'prod',
    [
      'push',
      '-W',
      caller(stage, {
        'test-environment': '',
        'plan-environment': 'production-plan',
        // A ring of two, which are one environment here: two deployments to it at once.
        environments: '[["production", "production-eu"]]',
        'settings-file': 'settings/production.json',
        attest: 'always',
      }),
    ],
    { token: tokens.release },
  )
  await checkDeployment(stage, 'production', production, 'prod', {
    build: 'success',
    changes: 'success',
    release: 'success',
    plan: 'success',
    'deploy (production)': 'success',
    'deploy (production-eu)': 'success',
    deployments: 'success',
  })
  await released(stage, production)
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
  await withoutSecret(stage)
  await failing(stage)
}

/** What production gets is what anybody can look up, with what changed. */
async function released(stage, run) {
  const found = await releases(stage.ready)
  await check('the tag has a release with the archive, its sums and the notes, before production', () => {
    assert.deepEqual(
      found.map(({ tag_name: tag, draft, assets }) => [tag, draft, assets.map(({ name }) => name)]),
      [['v1.2.0', false, ['LindenOrders_managed.zip', 'SHA256SUMS']]],
    )
    assert.match(found[0].body, /LindenOrders 1\.2\.0\.0/)
    assert.equal(found[0].assets[0].digest, `sha256:${packed(run)['managed-sha256']}`)
    const [release, deployed] = ['Release v1.2.0 is published', 'Installed LindenOrders 1.2.0.0'].map(
      (text) => run.summaries.findIndex((summary) => summary.includes(text)),
    )
    assert.ok(release !== -1 && release < deployed, run.summaries.join('\n'))
  })
  await check('GitHub is asked to sign the sums of the build', () =>
    assert.match(
      run.summaries.join('\n'),
      new RegExp(`Signed by GitHub[^]*${packed(run)['managed-sha256']}`),
    ),
  )
}

/** What a caller that forgot `secrets: inherit` sees. */
async function withoutSecret(stage) {
  const onlyTest = caller(stage, { environments: '[]' })
  const run = await stage.start('no-secret', 'test', ['push', '-W', onlyTest], { secrets: {} })
  await check('a secret of an environment that comes out empty is an error with the reason', () => {
    assert.equal(run.jobs['test (test)'], 'failure')
    assert.match(run.errors.join('\n'), /of the environment 'test' is empty[^]*'secrets: inherit'/)
  })
}

/** An import that fails in test: nothing is released, production is not begun, and the summary says why. */
async function failing(stage) {
  await fault(stage.ready, {
    environment: 'test',
    job: 'ImportSolutionAsync',
    code: '0x80048539',
    message: 'The table lin_Order is in use.',
  })
  const run = await stage.start(
    'failing',
    'test',
    ['push', '-W', caller(stage, { environments: '["production"]' })],
    { token: tokens.release },
  )
  show('deploy: the import into test fails', run, [])
  // act ends a run where a called workflow has called another one that failed. GitHub goes on with the last job.
  await check('a failing import ends the deployment with one readable reason, before anything else', () => {
    succeeded(run, { build: 'success', changes: 'success', 'test (test)': 'failure' })
    assert.match(run.summaries.join('\n'), /❌[^]*The table lin\\?_Order is in use/)
  })
}

/** By hand, with an older tag. */
export async function rollBack(stage) {
  const { folder } = stage
  git('-C', folder, 'checkout', '--quiet', '--detach')
  git('-C', folder, 'commit', '--quiet', '--allow-empty', '--message', 'An older state')
  git('-C', folder, 'tag', 'v1.1.0')
  const workflow = caller(stage, { environments: '[]' })
  const refused = await stage.start('refused', 'test', ['workflow_dispatch', '-W', workflow])
  await check('an older tag is refused', () => {
    assert.equal(refused.jobs['test (test)'], 'failure')
    assert.match(refused.errors.join('\n'), /1\.1\.0\.0[^]*1\.2\.0\.0/)
  })
  const back = caller(stage, { 'test-environment': '', 'plan-environment': 'production-plan' })
  const run = await stage.start('roll-back', 'prod', [
    'workflow_dispatch',
    '-W',
    back,
    '--input',
    'roll-back=true',
  ])
  await check('an older tag goes over a newer version by hand, and makes no release', async () => {
    succeeded(run, {
      build: 'success',
      changes: 'success',
      plan: 'success',
      'deploy (production)': 'success',
      deployments: 'success',
    })
    const imported = Object.values(run.outputs).find((values) => values['import-job-id'])
    assert.equal(imported?.decision, 'update')
    assert.deepEqual(
      (await releases(stage.ready)).map(({ tag_name: tag }) => tag),
      ['v1.2.0'],
    )
  })
  await check('before it, the summary says what stays, and compares with what is installed', () => {
    const order = [
      /Dataverse has no undo/,
      /1\.2\.0\.0[^]*(?:→|->)[^]*1\.1\.0\.0/,
      /Updated LindenOrders/,
    ].map((text) => run.summaries.findIndex((summary) => text.test(summary)))
    assert.ok(!order.includes(-1), run.summaries.join('\n---\n'))
    assert.deepEqual(
      order,
      order.toSorted((x, y) => x - y),
    )
  })
  git('-C', folder, 'checkout', '--quiet', 'main')
  git('-C', folder, 'tag', '--delete', 'v1.1.0')
}

/**
 * act knows no secrets of environments: a run has one set of values for all of its jobs. So the caller of the sample
 * is run for one environment after the other.
 *
 * @param {Record<string, string>} inputs other ones than the sample gives
 */
function caller(stage, inputs) {
  const workflow = parse(readFileSync(join(stage.folder, '.github/workflows/deploy.yml'), 'utf8'))
  Object.assign(workflow.jobs.deploy.with, inputs)
  const file = join(stage.work, 'deploy.yml')
  writeFileSync(file, stringify(workflow))
  return file
}

function packed({ outputs }) {
  return Object.values(outputs).find((values) => values['managed-sha256']) ?? {}
}

async function checkDeployment(stage, job, run, environment, jobs) {
  const artifacts = await artifactsOf(stage.ready, `run-${job}`)
  show(`deploy: the tag v1.2.0, job ${job}`, run, artifacts)
  const imports = Object.values(run.outputs).filter((values) => values['import-job-id'])
  await check(`${job} succeeds`, () => succeeded(run, jobs))
  await check(`${job} takes the archive from the artifact of the build, and keeps records`, () => {
    const build = artifacts.find(({ name }) => name === 'dataverse-build')
    assert.deepEqual(build?.files, {
      'LindenOrders_managed.zip': packed(run)['managed-sha256'],
      SHA256SUMS: sha256(`${packed(run).checksums}\n`),
    })
    assert.ok(artifacts.some(({ name }) => name === `record-${job}`))
  })
  await check(`${job} installs the version of the tag, once`, () => {
    const installed = imports.filter(({ decision }) => decision === 'install')
    assert.equal(new Set(installed.map((values) => values['import-job-id'])).size, 1)
    assert.deepEqual([...new Set(imports.map(({ version }) => version))], ['1.2.0.0'])
  })
  await check(`${job} ends with what was deployed where`, () => {
    const last = run.summaries.at(-1)
    assert.match(last, /Deployed to (?:1 environment of 1|2 environments of 2)/)
    assert.match(last, new RegExp(`\\| ${job} \\| LindenOrders \\|.*\\| 1\\.2\\.0\\.0 \\|.*succeeded`))
  })
  await check(`${job} has summaries of packing and importing`, () => {
    assert.match(run.summaries.join('\n'), /Packed LindenOrders 1\.2\.0\.0/)
    assert.match(run.summaries.join('\n'), /1\.2\.0\.0[^]*install/i)
  })
  await check(`${environment} has the managed solution, by its own answer`, async () => {
    assert.deepEqual(await installedSolutions(stage.ready, environment, solution), [
      { version: '1.2.0.0', ismanaged: true },
    ])
  })
  await checkSecrets(job, run, environment)
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
}
