import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './support/actions.ts'
import { gitIn } from './support/git.ts'

const place = mkdtempSync(join(tmpdir(), 'release-test-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const hasGit = spawnSync('git', ['--version']).error === undefined
if (!hasGit) console.warn('SKIPPED: releases are made with git, which is not on this machine.')
const withGit = hasGit ? test : test.skip

const action = `name: Greet
description: Says a word.
inputs: {}
outputs: {}
runs:
  using: node24
  main: ../dist/greet.js
`
const example = '    uses: some-org/dataverse-solution-actions/action-greet@v0\n'

/** A project with one small action and the scripts of this one. */
function project(name: string, version: string): string {
  const folder = join(place, name)
  for (const inner of ['src', 'schemas']) mkdirSync(join(folder, 'action-greet', inner), { recursive: true })
  mkdirSync(join(folder, '.github/workflows'), { recursive: true })
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  write(folder, {
    'action-greet/action.yml': action,
    'action-greet/README.md': example,
    'action-greet/schemas/a.schema.json':
      '{ "$id": "https://example.org/some-org/dataverse-solution-actions/a" }\n',
    'action-greet/src/main.ts': "import action from '../action.yml'\nconsole.log(action)\n",
    '.github/workflows/greet.yml': `on:\n  workflow_call:\njobs:\n  greet:\n${example}`,
    '.github/workflows/ci.yml': 'on: push\n',
    'README.md': example,
    'SECURITY.md': 'Write to us. [Why](docs/why.md#us), [who](README.md) ![us](docs/us.png)\n',
    'CHANGELOG.md': 'First.\n',
    LICENSE: 'MIT\n',
    '.gitignore': 'node_modules\ndist\n',
    'package.json': packageJson(version),
  })
  return folder
}

/** The project, committed. */
function repository(name: string, version: string): string {
  const folder = project(name, version)
  gitIn(folder, 'init', '--quiet', '--initial-branch', 'main')
  commitAll(folder, 'Greet')
  return folder
}

function packageJson(version: string) {
  return JSON.stringify({ name: 'greetings', version, license: 'MIT', type: 'module', private: true })
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
}

function commitAll(folder: string, subject: string): void {
  gitIn(folder, 'add', '--all')
  gitIn(folder, 'commit', '--quiet', '--message', subject)
}

function setVersion(folder: string, version: string): void {
  write(folder, { 'package.json': packageJson(version) })
  commitAll(folder, `Version ${version}`)
}

function release(folder: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stderr, push: stdout.trim().split('\n').at(-1) ?? '' }
}

function tag(folder: string) {
  return release(folder, '--tag', '--owner', 'our-org')
}
function commitOf(folder: string, ref: string) {
  return gitIn(folder, 'rev-parse', ref)
}
function fileAt(folder: string, ref: string, path: string) {
  return gitIn(folder, 'show', `${ref}:${path}`)
}

describe('a release', () => {
  withGit(
    'holds what a runner needs, under its own name and version, on top of the commit it is built from',
    () => {
      const folder = repository('first', '1.2.3')
      const before = gitIn(folder, 'status', '--porcelain')
      expect(tag(folder)).toEqual({
        status: 0,
        stderr: '',
        push: 'git push --atomic origin +refs/heads/edge refs/tags/v1.2.3 +refs/tags/v1',
      })
      expect(gitIn(folder, 'ls-tree', '-r', '--name-only', 'v1.2.3').split('\n')).toEqual([
        '.github/workflows/greet.yml',
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'action-greet/README.md',
        'action-greet/action.yml',
        'action-greet/schemas/a.schema.json',
        'dist/THIRD-PARTY-LICENCES.txt',
        'dist/greet.js',
        'dist/package.json',
        'package.json',
      ])
      const uses = (version: string) => `uses: our-org/dataverse-solution-actions/action-greet@${version}`
      expect(fileAt(folder, 'v1.2.3', 'README.md')).toBe(uses('v1.2.3'))
      expect(fileAt(folder, 'v1.2.3', 'SECURITY.md')).toBe(
        `Write to us. [Why](https://github.com/our-org/dataverse-solution-actions/blob/${commitOf(folder, 'main')}/docs/why.md#us), [who](README.md) ![us](https://github.com/our-org/dataverse-solution-actions/raw/${commitOf(folder, 'main')}/docs/us.png)`,
      )
      expect(fileAt(folder, 'edge', 'action-greet/README.md')).toBe(uses('edge'))
      expect(JSON.parse(fileAt(folder, 'v1.2.3', 'package.json'))).toMatchObject({
        type: 'module',
        version: '1.2.3',
      })
      expect(commitOf(folder, 'v1')).toBe(commitOf(folder, 'v1.2.3'))
      expect(commitOf(folder, 'v1.2.3^')).toBe(commitOf(folder, 'main'))
      expect(gitIn(folder, 'status', '--porcelain')).toBe(before)
      expect(gitIn(folder, 'branch', '--show-current')).toBe('main')
    },
  )

  withGit('of a version that is out already moves the branch and no tag', () => {
    const folder = repository('again', '1.0.0')
    tag(folder)
    const released = commitOf(folder, 'v1.0.0')
    const edge = commitOf(folder, 'edge')
    write(folder, { LICENSE: 'MIT, with a word more\n' })
    commitAll(folder, 'A word more')
    expect(tag(folder).push).toBe('git push --atomic origin +refs/heads/edge')
    expect(commitOf(folder, 'edge')).not.toBe(edge)
    expect([commitOf(folder, 'v1.0.0'), commitOf(folder, 'v1')]).toEqual([released, released])
  })

  withGit('of the same commit is the same commit', () => {
    const folder = repository('same', '1.0.0')
    tag(folder)
    const edge = commitOf(folder, 'edge')
    tag(folder)
    expect(commitOf(folder, 'edge')).toBe(edge)
  })

  withGit('that corrects an older version leaves vX with the later one', () => {
    const folder = repository('older', '1.10.0')
    tag(folder)
    setVersion(folder, '1.9.1')
    expect(tag(folder).push).toBe('git push --atomic origin +refs/heads/edge refs/tags/v1.9.1')
    expect(commitOf(folder, 'v1')).toBe(commitOf(folder, 'v1.10.0'))
    setVersion(folder, '2.0.0')
    expect(tag(folder).push).toContain('+refs/tags/v2')
    expect(commitOf(folder, 'v1')).toBe(commitOf(folder, 'v1.10.0'))
  })

  withGit('is pushed from another clone, which takes only what is made from its commit', () => {
    const folder = repository('builder', '1.2.3')
    const origin = join(place, 'origin.git')
    gitIn(folder, 'clone', '--quiet', '--bare', folder, origin)
    const publisher = join(place, 'publisher')
    gitIn(folder, 'clone', '--quiet', origin, publisher)
    symlinkSync(join(root, 'node_modules'), join(publisher, 'node_modules'), 'junction')
    const file = join(place, 'release.bundle')
    expect(release(folder, '--tag', '--owner', 'our-org', '--bundle', file).status).toBe(0)
    expect(release(publisher, '--publish', file)).toMatchObject({
      status: 0,
      push: 'Published: refs/heads/edge, refs/tags/v1.2.3, refs/tags/v1',
    })
    expect(commitOf(origin, 'v1.2.3')).toBe(commitOf(folder, 'v1.2.3'))
    expect(commitOf(origin, 'edge^')).toBe(commitOf(folder, 'main'))

    gitIn(folder, 'update-ref', 'refs/heads/main', 'v1.2.3')
    gitIn(folder, 'bundle', 'create', '--quiet', file, 'refs/heads/main', '^HEAD^')
    expect(release(publisher, '--publish', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("'refs/heads/main'"),
    })
    gitIn(folder, 'tag', 'v2', 'v1.2.3^')
    gitIn(folder, 'bundle', 'create', '--quiet', file, 'refs/tags/v2')
    expect(release(publisher, '--publish', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not made from the commit'),
    })
    expect(gitIn(origin, 'tag').split('\n')).toEqual(['v1', 'v1.2.3'])
  })

  withGit('is not made of changes that nobody committed', () => {
    const folder = repository('dirty', '1.0.0')
    write(folder, { LICENSE: 'mine\n' })
    expect(tag(folder)).toMatchObject({ status: 1, stderr: expect.stringContaining('not committed') })
    expect(gitIn(folder, 'tag')).toBe('')
  })

  test.each([[[]], [['--tag']], [['--tag', '--owner', 'o', '--layout', 'x']], [['--what']]])(
    'with the arguments %j says how to call it, or what is wrong',
    (args) => {
      expect(release(root, ...args)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/Usage: node scripts\/release\.mjs --layout|Unknown option '--what'/),
      })
    },
  )

  test('is laid out without git', () => {
    const folder = project('layout', '1.0.0')
    const target = join(place, 'laid-out')
    const { status } = release(folder, '--layout', target, '--owner', 'our-org', '--version', 'v9')
    expect(status).toBe(0)
    expect(readFileSync(join(target, 'README.md'), 'utf8')).toContain(
      'our-org/dataverse-solution-actions/action-greet@v9',
    )
    // A workflow that others call takes its siblings from the same release.
    expect(readFileSync(join(target, '.github/workflows/greet.yml'), 'utf8')).toContain(
      'our-org/dataverse-solution-actions/action-greet@v9',
    )
    expect(readFileSync(join(target, 'dist/greet.js'), 'utf8')).toContain('Greet')
  })
})
