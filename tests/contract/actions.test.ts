import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readInputs as readBackup } from '../../action-backup/src/inputs.ts'
import { readInputs as readClone } from '../../action-clone/src/inputs.ts'
import { readInputs as readComponents } from '../../action-components/src/inputs.ts'
import { readInputs as readDelete } from '../../action-delete/src/inputs.ts'
import { readInputs as readDeployments } from '../../action-deployments/src/inputs.ts'
import { readInputs as readDiff } from '../../action-diff/src/inputs.ts'
import { readInputs as readExport } from '../../action-export/src/inputs.ts'
import { readInputs as readFetch } from '../../action-fetch/src/inputs.ts'
import { readInputs as readImport } from '../../action-import/src/inputs.ts'
import { readInputs as readIssue } from '../../action-issue/src/inputs.ts'
import { readInputs as readLayers } from '../../action-layers/src/inputs.ts'
import { readInputs as readPack } from '../../action-pack/src/inputs.ts'
import { readInputs as readPublish } from '../../action-publish/src/inputs.ts'
import { readInputs as readSetVersion } from '../../action-set-version/src/inputs.ts'
import { readInputs as readPullRequest } from '../../action-pull-request/src/inputs.ts'
import { readInputs as readRelease } from '../../action-release/src/inputs.ts'
import { readInputs as readUnpack } from '../../action-unpack/src/inputs.ts'
import { readInputs as readUpgrade } from '../../action-upgrade/src/inputs.ts'
import { readInputs as readWhoAmI } from '../../action-who-am-i/src/inputs.ts'
import { actionFolders, readAction, root, sourceFiles } from '../support/actions.ts'
import { readWith } from '../support/inputs-read.ts'
import { outputsWritten } from '../support/outputs-written.ts'
import { deliberate, officialInputs } from './official-inputs.ts'

/** Each action's reader of inputs, and values of the inputs that it cannot do without. */
const readers: Readonly<Record<string, { read: () => unknown; least: Readonly<Record<string, string>> }>> = {
  'action-backup': { read: readBackup, least: {} },
  'action-clone': { read: readClone, least: { 'solution-name': 'x' } },
  'action-components': { read: readComponents, least: { 'solution-name': 'x', components: 'Table: x' } },
  'action-delete': { read: readDelete, least: { 'solution-name': 'x' } },
  'action-deployments': { read: readDeployments, least: { environments: '["x"]' } },
  'action-diff': { read: readDiff, least: {} },
  'action-export': { read: readExport, least: { 'solution-name': 'x', 'solution-output-file': 'x.zip' } },
  'action-fetch': { read: readFetch, least: { folder: 'x', 'artifact-name': 'x' } },
  'action-import': { read: readImport, least: { 'solution-file': 'x.zip' } },
  'action-issue': { read: readIssue, least: { state: 'open', title: 'x' } },
  'action-pack': { read: readPack, least: { 'solution-file': 'x.zip', 'solution-folder': 'x' } },
  'action-layers': { read: readLayers, least: {} },
  'action-publish': { read: readPublish, least: {} },
  'action-set-version': { read: readSetVersion, least: { name: 'x', version: '1.0' } },
  'action-pull-request': {
    read: readPullRequest,
    least: { paths: 'x', branch: 'x', title: 'x' },
  },
  'action-release': { read: readRelease, least: { files: 'x.zip', tag: 'v1.0.0', 'github-token': 'x' } },
  'action-unpack': { read: readUnpack, least: { 'solution-file': 'x.zip', 'solution-folder': 'x' } },
  'action-upgrade': { read: readUpgrade, least: { 'solution-name': 'x' } },
  'action-who-am-i': { read: readWhoAmI, least: {} },
}

function inputsOf(folder: string, given: Readonly<Record<string, string>> = {}) {
  const reader = readers[folder]
  if (reader === undefined) throw new Error(`${folder} has no row in the table of readers.`)
  return readWith(folder, reader.read, { ...reader.least, ...given })
}

test('there are actions to look at', () => {
  expect(actionFolders).toEqual(expect.arrayContaining(Object.keys(officialInputs)))
})

describe.each(actionFolders)('%s', (folder) => {
  const action = readAction(folder)
  const { inputs, outputs } = action

  test('reads what it declares, and nothing else', () => {
    expect(inputsOf(folder).looked.toSorted()).toEqual(Object.keys(inputs).toSorted())
  })

  test('reads its inputs in one place only', () => {
    const others = sourceFiles(folder).filter((file) => /INPUT_|process\.env/.test(sourceText(file)))
    expect(others).toEqual([])
  })

  test('writes the outputs that it declares, and no others', () => {
    const written = new Set(sourceFiles(folder).flatMap(outputsWritten))
    expect([...written].toSorted()).toEqual(Object.keys(outputs).toSorted())
  })

  test('runs a file that the build makes, on a Node that GitHub has', () => {
    expect(action.runs.using).toBe('node24')
    expect(existsSync(join(root, folder, action.runs.main ?? ''))).toBe(true)
  })

  test('describes itself, each input and each output in sentences', () => {
    const texts = [inputs, outputs, { action }].flatMap((group) =>
      Object.entries<{ readonly description: string }>(group),
    )
    const bad = texts.filter(
      // The marketplace and editors cut what is longer.
      ([, { description }]) => !/^[A-Z].*\.$/s.test(description.trim()) || description.length >= 125,
    )
    expect(bad.map(([name]) => name)).toEqual([])
  })

  test('has a name and a picture on the marketplace', () => {
    const names = actionFolders.filter((other) => readAction(other).name === action.name)
    expect(names).toEqual([folder])
    expect(action.branding).toEqual({ icon: expect.any(String), color: expect.any(String) })
  })

  test('says who made it', () => {
    expect(action.author).toBe('dataverse-solution-actions')
  })

  test('warns of the inputs that have no effect, and of no others', () => {
    const without = Object.entries(inputs).filter(([, { description }]) =>
      description.startsWith('Has no effect'),
    )
    const warned = Object.entries(inputs).filter(([, input]) => input.deprecationMessage !== undefined)
    expect(warned.map(([name]) => name)).toEqual(without.map(([name]) => name))
  })

  test('gives no required input a default', () => {
    const odd = Object.entries(inputs).filter(
      ([, input]) => input.required === true && input.default !== undefined,
    )
    expect(odd).toEqual([])
  })
})

const official = Object.entries(officialInputs).flatMap(([folder, inputs]) =>
  Object.entries(inputs)
    .filter(([name]) => deliberate[folder]?.[name] === undefined)
    .map(([name, input]) => ({ folder, name, input })),
)

test.each(official)('$folder takes $name as the official action does', ({ folder, name, input }) => {
  const declared = readAction(folder).inputs[name]
  expect(declared).toBeDefined()
  if ('required' in input) {
    expect(declared?.required).toBe(true)
    return
  }
  expect(declared?.required ?? false).toBe(false)
  // Without a default of its own, an input that is left out must mean what the official default says.
  if (declared?.default === undefined && input.default !== '') {
    expect(withoutNotices(inputsOf(folder, { [name]: input.default }).inputs)).toEqual(
      withoutNotices(inputsOf(folder).inputs),
    )
  } else {
    expect(declared?.default ?? '').toBe(input.default)
  }
})

test.each(
  Object.entries(deliberate).flatMap(([folder, inputs]) =>
    Object.keys(inputs).map((name) => ({ folder, name })),
  ),
)('$folder declares $name, though not as the official action', ({ folder, name }) => {
  expect(readAction(folder).inputs[name]).toBeDefined()
})

/** How to reach and sign in to an environment. */
const connection = [
  'environment-url',
  'tenant-id',
  'app-id',
  'client-secret',
  'certificate',
  'certificate-password',
  'user-name',
  'password-secret',
  'managed-identity-client-id',
  'access-token',
  'cloud',
  'authority',
]

test('the connection inputs are word for word the same in every action that has them', () => {
  const blocks = actionFolders
    .map((folder) => readAction(folder).inputs)
    .filter((inputs) => 'environment-url' in inputs)
    .map((inputs) =>
      // Where something can be done without an environment, its address may be left out.
      connection.map((name) => [name, inputs[name] && { ...inputs[name], required: undefined }]),
    )
  expect(blocks.length).toBeGreaterThan(1)
  for (const block of blocks) expect(block).toEqual(blocks[0])
  expect(blocks[0]?.map(([, input]) => input)).not.toContain(undefined)
})

function sourceText(file: string): string {
  return readFileSync(file, 'utf8')
}

function withoutNotices(inputs: unknown): unknown {
  return { ...Object(inputs), notices: [] }
}
