// From a tag to production, and back.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { artifactsOf } from '../support/artifacts.mjs'
import { check, show } from '../support/checks.mjs'
import { installedSolutions } from '../support/environments.mjs'
import { checkSecrets, succeeded } from '../support/judge-run.mjs'
import { git, solution } from '../support/repository.mjs'

/**
 * A tag: the managed archive is built, imported into test, and in a second run into production, after the plan.
 */
export async function deploy(stage) {
  const { folder, origin } = stage
  git('-C', folder, 'push', '--quiet', origin, 'main')
  git('-C', folder, 'tag', 'v1.2.0')
  git('-C', folder, 'push', '--quiet', origin, 'v1.2.0')
  const onlyTest = caller(stage, { environments: '[]' })
  const test = await stage.start('test', 'test', ['push', '-W', onlyTest])
  await checkDeployment(stage, 'test', test, 'test', {
    build: 'success',
    changes: 'success',
    test: 'success',
  })
  await check('production is untouched by the run for test', async () => {
    assert.deepEqual(await installedSolutions(stage.ready, 'prod', solution), [])
  })
  const production = await stage.start('production', 'prod', [
    'push',
    '-W',
    caller(stage, { 'test-environment': '', 'plan-environment': 'production-plan' }),
  ])
  await checkDeployment(stage, 'production', production, 'prod', {
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
  await withoutSecret(stage)
}

/** What a caller that forgot `secrets: inherit` sees. */
async function withoutSecret(stage) {
  const onlyTest = caller(stage, { environments: '[]' })
  const run = await stage.start('no-secret', 'test', ['push', '-W', onlyTest], { secrets: {} })
  await check('a secret of an environment that comes out empty is an error with the reason', () => {
    assert.equal(run.jobs.test, 'failure')
    assert.match(run.errors.join('\n'), /of the environment 'test' is empty[^]*'secrets: inherit'/)
  })
}

/** By hand, with an older tag. */
export async function rollBack(stage) {
  const { folder } = stage
  git('-C', folder, 'checkout', '--quiet', '--detach')
  git('-C', folder, 'commit', '--quiet', '--allow-empty', '--message', 'An older state')
  git('-C', folder, 'tag', 'v1.1.0')
  const workflow = caller(stage, { environments: '[]' })
  const by = (input) => ['workflow_dispatch', '-W', workflow, '--input', `roll-back=${input}`]
  const refused = await stage.start('refused', 'test', by('false'))
  await check('an older tag is refused', () => {
    assert.equal(refused.jobs.test, 'failure')
    assert.match(refused.errors.join('\n'), /1\.1\.0\.0[^]*1\.2\.0\.0/)
  })
  const run = await stage.start('roll-back', 'test', by('true'))
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
    assert.deepEqual(await installedSolutions(stage.ready, environment, solution), [
      { version: '1.2.0.0', ismanaged: true },
    ])
  })
  await checkSecrets(job, run, environment)
}
