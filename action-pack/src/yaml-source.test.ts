import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPackage, openZip, readManifest } from '@dsa/solution-package'
import { TWO_SOLUTIONS, YAML_SOLUTION } from '../../packages/solution-package/src/testing/yaml-solution.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'pack-yaml-'))
  for (const [path, text] of Object.entries(YAML_SOLUTION)) write(path, text)
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

const at = (path: string): string => join(workspace, 'source', path)
function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), path.endsWith('.yml') ? text.replaceAll('\n', '\r\n') : text)
}
const read = (path: string): string => readFileSync(at(path), 'utf8')

const pack = (inputs: Readonly<Record<string, string>> = {}) =>
  runActionSync(
    'pack',
    { 'solution-file': 'out/hangar.zip', 'solution-folder': 'source', ...inputs },
    { workspace, environment: {} },
  )

const manifestOf = (path: string) =>
  readManifest(openPackage(openZip(readFileSync(path), { label: 'packed' })))

test('the root of Git integration packs as managed, with a version that is written back to its file', () => {
  const before = read('solutions/Hangar/solution.yml')
  const run = pack({ 'solution-type': 'Managed', version: 'minor', 'write-version': 'true' })
  expect(run.annotations).toEqual([])
  expect(run.outputs).toMatchObject({
    'unique-name': 'Hangar',
    version: '1.3.0.0',
    'previous-version': '1.2.0.0',
  })
  expect(manifestOf(run.outputs['solution-file'] ?? '')).toMatchObject({
    managed: 'Managed',
    version: '1.3.0.0',
  })
  expect(read('solutions/Hangar/solution.yml')).toBe(before.replace('1.2.0.0', '1.3.0.0'))
})

test('what is wrong is an annotation at its file and line, and nothing is packed', () => {
  const form = 'entities/fly_plane/formxml/main/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e01/systemform.yml'
  write(form, read(form).replaceAll('\r', '').replace('  IntroducedVersion: 1.0\n', '  IsCustomizable: 0\n'))
  rmSync(
    at('modernflows/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e03/Landed-3F0A1C52-5A1B-4D6E-9A70-0D2B7A4C1E03.json'),
  )
  const run = pack()
  expect(run.code).toBe(1)
  const places = run.annotations.map(({ properties }) => [
    properties['title'],
    properties['file'],
    properties['line'],
  ])
  expect(places).toContainEqual(['yaml-not-well-formed', `source/${form}`, '12'])
  expect(places).toContainEqual([
    'named-file-missing',
    'source/modernflows/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e03/workflow.yml',
    '1',
  ])
  expect(() => readFileSync(join(workspace, 'out/hangar.zip'))).toThrow('ENOENT')
})

test('a folder within the root, or above it, is told from the root', () => {
  expect(pack({ 'solution-folder': '.' }).annotations[0]?.message).toContain(
    "Did you mean the folder 'source' in it",
  )
  expect(pack({ 'solution-folder': 'source/solutions/Hangar' }).annotations[0]?.message).toContain(
    'give the root of the YAML source',
  )
  expect(pack({ 'solution-name': 'Hanger' }).annotations[0]?.message).toContain("Did you mean 'Hangar'?")
})

test('of a root with several solutions, the one that is packed is compared', () => {
  for (const [path, text] of Object.entries(TWO_SOLUTIONS)) if (text !== undefined) write(path, text)
  cpSync(at(''), join(workspace, 'before'), { recursive: true })
  const choice = 'optionsets/fly_light/optionset.yml'
  write(choice, read(choice).replaceAll('\r', '').replace('In the air', 'Aloft'))
  const run = pack({ 'solution-name': 'Tower', 'compare-with': 'before' })
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
  expect(run.outputs['unique-name']).toBe('Tower')
  expect(run.summary).toContain('Aloft')
})

describe('compared with a version before', () => {
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd: workspace,
      stdio: 'pipe',
    })
  const column = 'entities/fly_plane/attributes/fly_name.yml'
  const changesOf = (run: ReturnType<typeof pack>): string => {
    expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
    return readFileSync(join(workspace, 'out/hangar.changes.md'), 'utf8')
  }
  beforeEach(() => {
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '--message', 'one solution')
  })

  test('of the same root: a column is told by its name', () => {
    write(column, read(column).replaceAll('\r', '').replace('RequiredLevel: none', 'RequiredLevel: required'))
    expect(changesOf(pack({ 'compare-with': 'HEAD' }))).toContain('fly_Name')
  })

  test('a solution that came into the root later is new, not an error', () => {
    for (const [path, text = ''] of Object.entries(TWO_SOLUTIONS)) write(path, text)
    const changes = changesOf(pack({ 'compare-with': 'HEAD', 'solution-name': 'Tower' }))
    expect(changes).toContain('### Tower 1.2.0.0 is new')
  })

  test('an archive of the version before', () => {
    expect(pack().code).toBe(0)
    cpSync(join(workspace, 'out/hangar.zip'), join(workspace, 'before.zip'))
    write(column, read(column).replaceAll('\r', '').replace('RequiredLevel: none', 'RequiredLevel: required'))
    expect(changesOf(pack({ 'compare-with': 'before.zip' }))).toContain('fly_Name')
  })
})
