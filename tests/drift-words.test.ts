import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './support/actions.ts'

interface Step {
  readonly id?: string
  readonly run?: string
}

const workflow: { jobs: { drift: { steps: readonly Step[] } } } = parse(
  readFileSync(join(root, '.github/workflows/drift.yml'), 'utf8'),
)
const script = workflow.jobs.drift.steps.find(({ id }) => id === 'compared')?.run ?? ''

/** Runs the step that compares versions, as a runner does. */
function compare(given: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'drift-'))
  try {
    mkdirSync(join(folder, 'drift'))
    writeFileSync(join(folder, 'step.sh'), script)
    const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', 'step.sh'], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        GITHUB_OUTPUT: 'output',
        GITHUB_STEP_SUMMARY: 'summary',
        SOLUTION: 'Orders',
        INSTALLED: '1.2.0.0',
        MANAGED: 'true',
        TAG: 'v1.2.0',
        VERSION: '1.2.0.0',
        INSTALLED_FILE: '/out/previous/Orders_managed.zip',
        UNMANAGED: '0',
        ...given,
      },
    })
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim()
    return { status, stderr, outputs: read('output').split('\n'), words: read('drift/versions.md') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each([
  ['as released', {}, 'false', 'false', 'Orders 1.2.0.0 is the release v1.2.0, and it is installed.'],
  ['with something unmanaged', { UNMANAGED: '3' }, 'true', 'false', /and it is installed\.$/],
  [
    'in another version',
    { INSTALLED: '1.1.0.0' },
    'true',
    'true',
    'Orders 1.1.0.0 is installed. The release v1.2.0 is 1.2.0.0. What an import of it would change:',
  ],
  [
    'in a version that was never released',
    { INSTALLED: '1.1.0.7', INSTALLED_FILE: '' },
    'true',
    'false',
    'Orders 1.1.0.7 is installed, and no release has that version, so what differs from 1.2.0.0, the release v1.2.0, cannot be told.',
  ],
  [
    'not installed',
    { INSTALLED: '', MANAGED: '', INSTALLED_FILE: '' },
    'true',
    'false',
    'Orders is not installed. The release v1.2.0 is 1.2.0.0.',
  ],
  [
    'installed unmanaged',
    { MANAGED: 'false' },
    'true',
    'true',
    'Orders 1.2.0.0 is installed unmanaged. The release v1.2.0 is 1.2.0.0.',
  ],
  ['of a hostile name', { TAG: 'v1.2.0$(id)`@ada' }, 'false', 'false', /release v1\.2\.0\?\?id\?\?\?ada,/],
])('a solution %s', (_, given, differs, contents, words) => {
  const found = compare(given)
  expect([found.status, found.stderr, found.outputs]).toEqual([
    0,
    '',
    [`differs=${differs}`, `contents=${contents}`],
  ])
  expect(found.words).toEqual(words instanceof RegExp ? expect.stringMatching(words) : words)
})
