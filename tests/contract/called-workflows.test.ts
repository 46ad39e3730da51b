import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from '../support/actions.ts'
import { isTrue } from '../support/run-composite.ts'

interface Job {
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>
  readonly if?: string
  readonly needs?: string | readonly string[]
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
  readonly 'timeout-minutes'?: number
}

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
}

interface Workflow {
  readonly on: {
    readonly workflow_call?: { readonly inputs: Readonly<Record<string, { required?: boolean }>> }
  }
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

function read(folder: string, name: string) {
  const text = readFileSync(join(root, folder, name), 'utf8')
  const workflow: Workflow = parse(text)
  return { name, text, workflow, jobs: Object.entries(workflow.jobs) }
}

const OURS = '.github/workflows'
const SAMPLES = 'samples/user-repository/.github/workflows'
const called = readdirSync(join(root, OURS))
  .map((name) => read(OURS, name))
  .filter(({ workflow }) => workflow.on.workflow_call !== undefined)
const callers = readdirSync(join(root, SAMPLES)).map((name) => read(SAMPLES, name))

function calls(workflows: typeof called): readonly (string | undefined)[] {
  return workflows.flatMap(({ jobs }) =>
    jobs.flatMap(([, { uses }]) => (uses === undefined ? [] : [/([\w-]+\.yml)@v0$/.exec(uses)?.[1]])),
  )
}

test('there are workflows to call, and the sample calls each of them, or one that calls it (C93)', () => {
  const names = [...calls(callers), ...calls(called)]
  expect(new Set(names)).toEqual(new Set(called.map(({ name }) => name)))
})

describe.each(called)('$name', ({ text, workflow, jobs }) => {
  test('gives a job no more than it says, each with its reason', () => {
    expect(workflow.permissions).toEqual({})
    expect(jobs.filter(([, { permissions }]) => permissions === undefined)).toEqual([])
    const lines =
      text.match(
        /^ +(?:contents|id-token|pull-requests|actions|issues|attestations): (?:read|write)\b.*$/gm,
      ) ?? []
    expect(lines.filter((line) => !/ # \w/.test(line))).toEqual([])
  })

  test('puts nothing from outside into a line of a shell, pins what is not ours, and ends', () => {
    const steps = jobs.flatMap(([, job]) => job.steps ?? [])
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([])
    const uses = steps.flatMap((step) => step.uses ?? [])
    expect(
      uses.filter(
        (use) => !/^some-org\/dataverse-solution-actions\/action-[\w-]+@v0$|@[0-9a-f]{40}$/.test(use),
      ),
    ).toEqual([])
    // A job that calls a workflow cannot have a limit.
    expect(jobs.filter(([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined)).toEqual(
      [],
    )
  })

  // Two jobs of a caller, or a matrix, may call a workflow twice in one run, where the name of an artifact is free once.
  // deploy.yml takes all solutions in one call.
  test('gives an artifact a name that a second call does not take', () => {
    const names = jobs.flatMap(([, { steps = [] }]) =>
      steps
        .filter(({ uses = '' }) => !/action-(?:fetch|deploy)@/.test(uses))
        .flatMap((step) => step.with?.['artifact-name'] ?? []),
    )
    expect(names.filter((one) => !one.includes('${{') && one !== 'dataverse-build')).toEqual([])
  })

  // GitHub drops an output of a job that has the value of a secret in it, and empty sums would compare nothing.
  test('takes no archive without its sum, whatever comes from the build', () => {
    const without = { needs: { build: { outputs: { checksums: '' } } }, inputs: { checksums: '' } }
    const fetching = jobs
      .flatMap(([, { steps = [] }]) => steps)
      .filter((step) => step.with?.['artifact-name'] === 'dataverse-build' && !step.uses?.includes('-pack@'))
    for (const step of fetching) {
      const [, sums = ''] = /^\$\{\{(.*)\}\}$/.exec(step.with?.['sha256'] ?? '') ?? []
      expect([step.uses, isTrue(sums, without)]).toEqual([step.uses, true])
    }
  })

  test('lets no waiting run be dropped for a later one', () => {
    expect(text.match(/^ +queue: max\b/gm) ?? []).toHaveLength((text.match(/^ +concurrency:/gm) ?? []).length)
  })
})

describe('deploy.yml goes on', () => {
  const deploy = called.find(({ name }) => name === 'deploy.yml')?.workflow.jobs ?? {}
  const inputs = {
    release: 'true',
    'if-lower-version': 'refuse',
    'plan-environment': 'plan',
    environments: '["production"]',
  }

  function runs(name: string, others: Readonly<Record<string, string>>): boolean {
    const needs = [deploy[name]?.needs ?? []].flat()
    const results = Object.fromEntries(needs.map((one) => [one, { result: others[one] ?? 'success' }]))
    const hasFailed = Object.values(results).some(({ result }) => result === 'failure')
    // Of a job whose time is over cancelled() says nothing: it tells whether the run was cancelled.
    const condition = (deploy[name]?.if ?? '')
      .replace(/^\$\{\{(.*)\}\}$/s, '$1')
      .replaceAll('failure()', String(hasFailed))
      .replaceAll('cancelled()', 'false')
    return isTrue(condition, { inputs, needs: results, github: { ref_type: 'tag' } })
  }

  const jobs = ['release', 'plan', 'deploy']

  test.each(jobs)('to the job %s after success, and where test was left out', (name) => {
    expect(runs(name, {})).toBe(true)
    expect(runs(name, { test: 'skipped', release: 'skipped', plan: 'skipped' })).toBe(true)
  })

  test.each(jobs)('never to the job %s after one that failed, or whose time was over', (name) => {
    for (const one of [deploy[name]?.needs ?? []].flat())
      for (const result of ['failure', 'cancelled'])
        expect([one, result, runs(name, { [one]: result })]).toEqual([one, result, false])
  })

  test('to no other ring: a deployment whose time is over fails before its job is cancelled', () => {
    const [ring] = Object.values(called.find(({ name }) => name === 'deploy-ring.yml')?.workflow.jobs ?? {})
    const step = ring?.steps?.find(({ uses = '' }) => uses.includes('/action-deploy@'))
    expect(step?.['timeout-minutes']).toBeLessThan(ring?.['timeout-minutes'] ?? 0)
  })
})

describe.each(callers)('the sample $name', ({ jobs }) => {
  test('gives the called workflow the permissions and inputs that it needs, and no others', () => {
    for (const [, { uses = '', permissions = {}, with: given = {} }] of jobs) {
      const name = /([\w-]+\.yml)@v0$/.exec(uses)?.[1]
      const callee = called.find((one) => one.name === name)
      const needed: Record<string, string> = {}
      for (const [, job] of callee?.jobs ?? []) {
        for (const [scope, level] of Object.entries(job.permissions ?? {})) {
          if (needed[scope] !== 'write') needed[scope] = level
        }
      }
      expect(permissions).toEqual(needed)
      const inputs = callee?.workflow.on.workflow_call?.inputs ?? {}
      expect(Object.keys(given).filter((input) => !(input in inputs))).toEqual([])
      const missing = Object.keys(inputs).filter(
        (input) => inputs[input]?.required === true && !(input in given),
      )
      expect(missing).toEqual([])
    }
  })
})
