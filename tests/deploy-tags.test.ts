import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './support/actions.ts'
import { gitIn } from './support/git.ts'

interface Step {
  readonly id?: string
  readonly run?: string
}

const workflow: { jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>> } = parse(
  readFileSync(join(root, '.github/workflows/deploy.yml'), 'utf8'),
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-tags-'))
  git('init', '-q', '-b', 'main')
  const history = [
    ['orders/v1.0.0', 'v1.0.0'],
    ['orders/v1.1.0'],
    ['core/v1.0.0'],
    ['core/v1.1.0'],
    ['v1.1.0'],
    ['orders/eu/v1.1.0'],
  ]
  for (const tags of [...history, []]) {
    git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-q', '--allow-empty', '-m', 'x')
    for (const tag of tags) git('tag', tag)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function git(...args: readonly string[]): void {
  gitIn(folder, ...args)
}

/** Runs a step as a runner does, in the run of a tag, and gives the tag that it found. */
function found(job: string, id: string, ref: string, given: Readonly<Record<string, string>> = {}): string {
  const script = workflow.jobs[job]?.steps?.find((step) => step.id === id)?.run ?? ''
  const [output, summary] = ['.git/output', '.git/summary']
  for (const file of [output, summary]) writeFileSync(join(folder, file), '')
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      GITHUB_REF_NAME: ref,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...given,
    },
  })
  expect([status, stderr]).toEqual([0, ''])
  const [, tag = ''] = /^tag=(.*)$/m.exec(readFileSync(join(folder, output), 'utf8')) ?? []
  return tag
}

test.each([
  ['v1.2.0', 'v1.1.0'],
  ['orders/v1.2.0', 'orders/v1.1.0'],
  ['core/v1.2.0', 'core/v1.1.0'],
  ['orders/eu/v1.2.0', 'orders/eu/v1.1.0'],
  ['flows/v1.0.0', ''],
])('before %s comes %s, whatever other solutions have tags between', (ref, before) => {
  expect(found('changes', 'before', ref)).toBe(before)
})

test.each([
  ['v1.2.0', 'v1.1.0'],
  ['orders/v1.2.0', 'orders/v1.1.0'],
  ['core/v1.2.0', 'core/v1.1.0'],
  ['flows/v1.2.0', ''],
])('in a run of %s, the installed 1.1.0.0 has the tag %s', (ref, tag) => {
  expect(found('plan', 'installed', ref, { VERSION: '1.1.0.0' })).toBe(tag)
})
