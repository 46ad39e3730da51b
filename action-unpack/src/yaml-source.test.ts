import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderTree } from '../../packages/solution-package/src/testing/reference-cases.ts'
import { YAML_SOLUTION } from '../../packages/solution-package/src/testing/yaml-solution.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'unpack-yaml-'))
  for (const [path, text] of Object.entries(YAML_SOLUTION))
    write(`yaml/${path}`, path.endsWith('.yml') ? text.replaceAll('\n', '\r\n') : text)
  // Of variables, no YAML was seen.
  rmSync(join(workspace, 'yaml/environmentvariabledefinitions'), { recursive: true })
  edit('yaml/solutions/Hangar/solutioncomponents.yml', /.*fly_Url\r\n/, '')
  edit('yaml/solutions/Hangar/rootcomponents.yml', / {2}- '@type': 380[^]*/, '')
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

const read = (path: string): string => readFileSync(join(workspace, path), 'utf8')
function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}
const edit = (path: string, from: string | RegExp, to: string): void =>
  write(path, read(path).replace(from, to))

const unpack = (inputs: Readonly<Record<string, string>>) =>
  runActionSync('unpack', { 'solution-folder': 'out', ...inputs }, { workspace })

function files(folder: string): Record<string, string> {
  const tree = folderTree(join(workspace, folder))
  return Object.fromEntries(
    tree.paths.toSorted().map((path) => [path, Buffer.from(tree.read(path)).toString('latin1')]),
  )
}

test('YAML source becomes XML, and the same YAML again', () => {
  const before = files('yaml')
  const toXml = unpack({ 'solution-file': 'yaml', 'solution-folder': 'xml' })
  expect(toXml.annotations).toEqual([])
  expect(existsSync(join(workspace, 'xml/Entities/fly_Plane/Entity.xml'))).toBe(true)
  const back = unpack({ 'solution-file': 'xml', 'solution-folder': 'yaml', format: 'yaml' })
  expect(back.annotations).toEqual([])
  const order = 'appmodules/fly_Hangar/appmodule.yml'
  const changed = Object.entries(files('yaml')).filter(([path, text]) => before[path] !== text)
  // The XML tree has the components of an app sorted.
  expect(changed.map(([path]) => path)).toEqual([order])
  expect(Object.keys(files('yaml'))).toEqual(Object.keys(before))
})

test('an archive over its source changes nothing, and new files are like most of the folder', () => {
  expect(
    runActionSync('pack', { 'solution-file': 'a.zip', 'solution-folder': 'yaml' }, { workspace }).code,
  ).toBe(0)
  const before = files('yaml')
  const same = unpack({ 'solution-file': 'a.zip', 'solution-folder': 'yaml', format: 'yaml' })
  expect(same.annotations).toEqual([])
  expect(same.outputs).toMatchObject({
    changed: 'false',
    'files-unchanged': String(Object.keys(before).length - 1),
  })
  expect(files('yaml')).toEqual(before)
  const state = 'yaml/optionsets/fly_state/optionset.yml'
  const text = read(state)
  rmSync(join(workspace, state))
  expect(
    unpack({ 'solution-file': 'a.zip', 'solution-folder': 'yaml', format: 'yaml' }).outputs['files-added'],
  ).toBe('1')
  expect(read(state)).toBe(text)
})

test('what has left the solution leaves the folder, and what another solution lists stays', () => {
  expect(
    runActionSync('pack', { 'solution-file': 'a.zip', 'solution-folder': 'yaml' }, { workspace }).code,
  ).toBe(0)
  const choice = read('yaml/optionsets/fly_state/optionset.yml')
  for (const name of ['fly_gone', 'fly_other', 'fly_nobody'])
    write(`yaml/optionsets/${name}/optionset.yml`, choice.replace('fly_state', name))
  edit(
    'yaml/solutions/Hangar/solutioncomponents.yml',
    "  - '@path': /optionsets",
    "  - '@path': /optionsets/fly_gone\r\n  - '@path': /optionsets",
  )
  write(
    'yaml/solutions/Tower/solution.yml',
    read('yaml/solutions/Hangar/solution.yml').replaceAll('Hangar', 'Tower'),
  )
  write(
    'yaml/solutions/Tower/solutioncomponents.yml',
    "SolutionComponents:\r\n  Component:\r\n    '@path': /optionsets/fly_other\r\n",
  )
  const run = unpack({ 'solution-file': 'a.zip', 'solution-folder': 'yaml', format: 'yaml' })
  expect(run.annotations).toEqual([])
  expect(run.outputs).toMatchObject({ 'files-deleted': '1', 'files-changed': '1' })
  expect(existsSync(join(workspace, 'yaml/optionsets/fly_gone/optionset.yml'))).toBe(false)
  expect(existsSync(join(workspace, 'yaml/solutions/Tower/solution.yml'))).toBe(true)
})

test('what the platform was not seen to write is refused by name, and nothing is written', () => {
  cpSync(sample, join(workspace, 'orders'), { recursive: true })
  const run = unpack({ 'solution-file': 'orders', format: 'yaml' })
  expect(run.code).toBe(1)
  const [error] = run.annotations
  expect(error?.message).toContain('of which it is not known how Git integration writes them')
  expect(error?.message).toContain('Security role')
  expect(error?.message).toContain('Web resource')
  expect(existsSync(join(workspace, 'out'))).toBe(false)
})

test('inputs that change the XML tree do not go with YAML', () => {
  expect(
    unpack({ 'solution-file': 'yaml', format: 'yaml', normalize: 'true' }).annotations[0]?.message,
  ).toContain("Input 'normalize' works on the files of 'format: xml' only")
})
