import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPackage, openZip, readManifest } from '@dsa/solution-package'
import { folderTree } from '../../packages/solution-package/src/testing/reference-cases.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'pack-'))
  cpSync(sample, join(workspace, 'orders'), { recursive: true })
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

const at = (path: string): string => join(workspace, path)
const read = (path: string): string => readFileSync(at(path), 'utf8')
function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
const replace = (path: string, from: string, to: string): void => write(path, read(path).replaceAll(from, to))

const pack = (
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
) =>
  runActionSync(
    'pack',
    { 'solution-file': 'out/orders.zip', 'solution-folder': 'orders', ...inputs },
    { workspace, environment },
  )

/** What the archive calls the script; its element says so. */
const scriptPart = 'WebResources/lin_scriptsorder_formjs26F55D21-04C6-443F-806C-8DEFED5DAA9F'

const open = (path: string) => openPackage(openZip(readFileSync(at(path)), { label: path }))
const text = (path: string, part: string): string => new TextDecoder().decode(open(path).read(part))
const sha256 = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(at(path)))
    .digest('hex')

const messages = (run: ReturnType<typeof pack>, level: string): readonly string[] =>
  run.annotations.filter((annotation) => annotation.level === level).map(({ message }) => message)

// What is deployed is what was reviewed: whoever packs the sample gets these bytes. Changing them is a decision.
const pinned = {
  Unmanaged: '5a5da0c1af63c50df4d8e0773e5fb135a55598e8061dc3effbc384815442a1b6',
  Managed: '0673218848c867d1cb6506bb0efdce0fa8dfd431ccc0beaafe9076220c7bea02',
}

describe('packing', () => {
  test('Both: two archives with their checksums, sizes and components in the summary', () => {
    const run = pack({ 'solution-type': 'Both' })
    expect(run.annotations).toEqual([])
    expect(run.outputs).toEqual({
      'solution-file': at('out/orders.zip'),
      sha256: sha256('out/orders.zip'),
      'managed-solution-file': at('out/orders_managed.zip'),
      'managed-sha256': sha256('out/orders_managed.zip'),
      checksums: `${sha256('out/orders.zip')}  orders.zip\n${sha256('out/orders_managed.zip')}  orders_managed.zip`,
      'unique-name': 'LindenOrders',
      version: '1.0.0.0',
      'previous-version': '1.0.0.0',
      files: String(folderTree(sample).paths.length),
      warnings: '0',
    })
    expect(readdirSync(at('out')).toSorted()).toEqual(['orders.zip', 'orders_managed.zip'])
    expect(readManifest(open('out/orders.zip'))).toMatchObject({ managed: 'Unmanaged' })
    expect(readManifest(open('out/orders_managed.zip'))).toMatchObject({ managed: 'Managed' })
    expect(run.summary).toContain(sha256('out/orders.zip'))
    expectGolden(import.meta.dirname, 'packed', run.summary.replaceAll(workspace, '/work'))
  })

  test('Managed: the file that was asked for, without _managed added to its name (C34, C40)', () => {
    const run = pack({ 'solution-type': 'Managed' })
    expect(readdirSync(at('out'))).toEqual(['orders.zip'])
    expect(run.outputs).toMatchObject({
      'solution-file': at('out/orders.zip'),
      'managed-solution-file': at('out/orders.zip'),
      sha256: sha256('out/orders.zip'),
      'managed-sha256': sha256('out/orders.zip'),
    })
  })

  test('Unmanaged: nothing is said of a managed archive, and an existing file is replaced', () => {
    write('out/orders.zip', 'old')
    const run = pack()
    expect(run.outputs).not.toHaveProperty('managed-sha256')
    expect(readManifest(open('out/orders.zip'))).toMatchObject({ managed: 'Unmanaged' })
  })
})

describe('the same source gives the same bytes', () => {
  test.each(['Unmanaged', 'Managed'] as const)('%s: the pinned ones', (type) => {
    expect(pack({ 'solution-type': type }).outputs['sha256']).toBe(pinned[type])
  })

  test('with other time stamps, another order of files, and other line ends in the XML', () => {
    const loose = /^(customapis|environmentvariabledefinitions)\//
    const tree = folderTree(sample)
    rmSync(at('orders'), { recursive: true })
    for (const path of tree.paths.toReversed()) {
      const bytes = Buffer.from(tree.read(path))
      const isMade = path.endsWith('.xml') && !loose.test(path)
      const content = isMade ? bytes.toString('utf8').replaceAll('\n', '\r\n') : bytes
      mkdirSync(dirname(at(`orders/${path}`)), { recursive: true })
      writeFileSync(at(`orders/${path}`), content)
      utimesSync(at(`orders/${path}`), new Date(path.length * 1e9), new Date(path.length * 1e10))
    }
    expect(pack().outputs['sha256']).toBe(pinned.Unmanaged)
  })

  test('without byte order marks in the XML', () => {
    for (const path of ['orders/Other/Solution.xml', 'orders/Entities/lin_Order/Entity.xml']) {
      write(path, read(path).replace('\u{feff}', ''))
    }
    expect(pack().outputs['sha256']).toBe(pinned.Unmanaged)
  })

  test('with the archive of an earlier run in the folder', () => {
    const once = pack({ 'solution-file': 'orders/out/orders.zip', 'solution-type': 'Both' })
    const twice = pack({ 'solution-file': 'orders/out/orders.zip', 'solution-type': 'Both' })
    expect(once.outputs['sha256']).toBe(pinned.Unmanaged)
    expect(twice.outputs).toEqual(once.outputs)
    expect(messages(once, 'warning')).toEqual([
      expect.stringContaining("'solution-file' lies in 'solution-folder'"),
    ])
  })

  test('in another time zone and language (C45)', () => {
    const run = pack({}, { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })
    expect(run.outputs['sha256']).toBe(pinned.Unmanaged)
  })

  test('a file that is copied as bytes is packed as it is', () => {
    const script = 'orders/WebResources/lin_/scripts/order_form.js'
    write(script, read(script).replaceAll('\n', '\r\n'))
    expect(pack().outputs['sha256']).not.toBe(pinned.Unmanaged)
    expect(text('out/orders.zip', scriptPart)).toBe(read(script))
  })
})

describe('version', () => {
  test.each([
    ['2.5', '2.5'],
    ['2.5.1.9', '2.5.1.9'],
    ['major', '2.0.0.0'],
    ['Minor', '1.1.0.0'],
    ['build', '1.0.1.0'],
    ['revision', '1.0.0.1'],
  ])('%s: the archive has %s, the folder stays', (version, expected) => {
    const run = pack({ version })
    expect(run.outputs).toMatchObject({ version: expected, 'previous-version': '1.0.0.0' })
    expect(readManifest(open('out/orders.zip')).version).toBe(expected)
    expect(read('orders/Other/Solution.xml')).toBe(readFileSync(join(sample, 'Other/Solution.xml'), 'utf8'))
  })

  test('from-tag: the version of the tag that started the workflow', () => {
    const run = pack({ version: 'from-tag' }, { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'orders/v3.2.1' })
    expect(run.outputs['version']).toBe('3.2.1.0')
    expect(readManifest(open('out/orders.zip')).version).toBe('3.2.1.0')
  })

  test.each<[string, string, Record<string, string>]>([
    ['1.x', "'1.x' is not a version", {}],
    ['from-tag', "was started by the branch 'main'", { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' }],
    ['from-tag', 'was started by no tag', {}],
    ['from-tag', 'no pre-release or build part', { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.0-rc.1' }],
    ['from-tag', "The tag 'latest' is no version", { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'latest' }],
  ])('%s: refused, since %s', (version, message, environment) => {
    const run = pack({ version }, environment)
    expect(run.code).toBe(1)
    expect(messages(run, 'error')).toEqual([expect.stringContaining(message)])
    expect(existsSync(at('out'))).toBe(false)
  })

  test('write-version: the folder gets it, and no other byte of it changes (C64)', () => {
    const run = pack({ version: 'minor', 'write-version': 'true' })
    expect(run.code).toBe(0)
    expect(read('orders/Other/Solution.xml')).toBe(
      readFileSync(join(sample, 'Other/Solution.xml'), 'utf8').replace('>1.0.0.0<', '>1.1.0.0<'),
    )
    expect(pack({ version: 'minor' }).outputs).toMatchObject({
      version: '1.2.0.0',
      'previous-version': '1.1.0.0',
    })
  })
})

describe('options', () => {
  test('map-file: files from elsewhere; a rule that fits nothing and a target that is not there are warnings (C36)', () => {
    write('build/order_form.js', 'built')
    write(
      'map.xml',
      `<Mapping>
        <FileToFile map="order_form.js" to="..\\%BUILD%\\order_form.js" />
        <FileToFile map="orders.svg" to="../build/orders.svg" />
        <FileToFile map="nothing.js" to="../build/nothing.js" />
        <Folder map="Assets" to="../build" />
      </Mapping>`,
    )
    const run = pack({ 'map-file': 'map.xml' }, { BUILD: 'build' })
    expect(messages(run, 'warning')).toEqual([
      expect.stringContaining('No component of the solution names this file'),
      expect.stringMatching(/orders\.svg.*the file in the folder is used/),
      "The map file's line 4 (FileToFile 'nothing.js') fits no file of the solution.",
    ])
    expect(run.outputs['warnings']).toBe('3')
    expect(text('out/orders.zip', scriptPart)).toBe('built')
    expect(text('out/orders.zip', 'Assets/order_form.js')).toBe('built')
    // The reference tool packs a mapped file a second time at the root.
    expect(open('out/orders.zip').has('order_form.js')).toBe(false)
  })

  test('localize: labels of the resource files reach the archive, under either name', () => {
    write('in.zip', '')
    expect(pack({ 'solution-file': 'in.zip' }).code).toBe(0)
    for (const useLcid of ['false', 'true']) {
      const unpacked = runActionSync(
        'unpack',
        { 'solution-file': 'in.zip', 'solution-folder': 'localized', localize: 'true', 'use-lcid': useLcid },
        { workspace },
      )
      expect(unpacked.code).toBe(0)
      const name = useLcid === 'true' ? '1033' : 'en-US'
      replace(`localized/Resources/${name}/resources.${name}.resx`, 'Order Clerk', 'Desk Clerk')
      replace(`localized/Resources/${name}/resources.${name}.resx`, 'Linden Orders', 'Linden Bestellungen')
      pack({ 'solution-folder': 'localized', localize: 'true' })
      expect(text('out/orders.zip', 'solution.xml')).toContain('description="Linden Bestellungen"')
      pack({ 'solution-folder': 'localized' })
      expect(text('out/orders.zip', 'solution.xml')).toContain('description="Linden Orders"')
      expect(open('out/orders.zip').paths.filter((path) => path.startsWith('Resources/'))).toEqual([])
    }
  })

  const withoutEffect: readonly (readonly [name: string, value: string, message: string])[] = [
    ['process-canvas-apps', 'true', 'The .msapp files are packed as they are.'],
    ['locale-template', 'auto', 'it belongs to unpacking'],
    ['single-component', 'Plugin', 'has no effect when packing'],
    ['use-lcid', 'true', 'resource files are found under either name'],
    ['use-unmanaged-file-for-missing-managed', 'true', 'packing always falls back to the unmanaged file'],
  ]

  test('what has no effect here is told, each in a notice of its own', () => {
    const run = pack(Object.fromEntries(withoutEffect.map(([name, value]) => [name, value])))
    expect(run.outputs['sha256']).toBe(pinned.Unmanaged)
    const notices = messages(run, 'notice')
    expect(notices).toHaveLength(withoutEffect.length)
    for (const [name, , message] of withoutEffect) {
      expect(notices.filter((notice) => notice.includes(name))).toEqual([expect.stringContaining(message)])
    }
  })
})

describe('what cannot be packed is one message that says what to do (C33)', () => {
  test.each<[string, Record<string, string>, string | RegExp]>([
    ['no file', { 'solution-file': ' ' }, "Input 'solution-file' is required and was not given."],
    ['a type that does not exist', { 'solution-type': 'Unmanged' }, "Did you mean 'Unmanaged'?"],
    [
      'a folder that does not exist',
      { 'solution-folder': 'other' },
      /other does not exist\. The folder .* holds above, app, empty, orders, yaml\./,
    ],
    ['the folder above', { 'solution-folder': 'above' }, "Did you mean the folder 'orders' in it?"],
    ['the folder below', { 'solution-folder': 'orders/Other' }, 'give the folder above it'],
    ['an empty folder', { 'solution-folder': 'empty' }, 'It is empty. Is the repository checked out?'],
    [
      'something else',
      { 'solution-folder': 'app' },
      /^The folder .*app is no .* It holds package\.json, src\.$/,
    ],
    ['half of a YAML source', { 'solution-folder': 'yaml' }, 'rootcomponents.yml is missing'],
    ['a file', { 'solution-folder': 'orders/Other/Solution.xml' }, 'is a file, not a folder'],
    ['a folder as file', { 'solution-file': 'empty' }, 'cannot be written: it is a folder'],
    [
      'a version that is none',
      { version: 'v1.4.0' },
      "Input 'version': 'v1.4.0' is not a version of a solution.",
    ],
    ['a word for a version that is none', { version: 'mjor' }, "Did you mean 'major'?"],
    ['no map file', { 'map-file': 'none.xml' }, 'none.xml, which does not exist.'],
    ['a map file that is none', { 'map-file': 'orders/Other/Solution.xml' }, 'is no mapping file'],
  ])('%s', (_, inputs, message) => {
    mkdirSync(at('empty'))
    cpSync(at('orders'), at('above/orders'), { recursive: true })
    write('app/package.json', '{}')
    write('app/src/a.ts', '')
    write('yaml/solutions/Orders/solution.yml', 'uniquename: Orders')
    const run = pack(inputs)
    expect(run.code).toBe(1)
    expect(messages(run, 'error')).toHaveLength(1)
    expect(messages(run, 'error')[0]).toEqual(
      typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    )
    expect(run.stderr).toBe('')
    expect(existsSync(at('out'))).toBe(false)
  })

  test('a tree of another type, with the way out', () => {
    replace('orders/Other/Solution.xml', '<Managed>2<', '<Managed>0<')
    const run = pack({ 'solution-type': 'Managed' })
    expect(messages(run, 'error')).toEqual([
      expect.stringContaining("and unpack it with 'solution-type: Both', then it packs as either"),
    ])
  })

  test.each(['true', 'false'])('a merge conflict at the version, with verify: %s', (verify) => {
    replace(
      'orders/Other/Solution.xml',
      '<Version>1.0.0.0</Version>',
      '\n<<<<<<< HEAD\n<Version>1.1.0.0</Version>\n=======\n<Version>1.2.0.0</Version>\n>>>>>>> sync\n',
    )
    const run = pack({ verify })
    expect(messages(run, 'error')).toEqual([
      expect.stringMatching(/^Other\/Solution\.xml, line \d+, column 1: A merge conflict is not resolved\./),
    ])
  })

  test('a web resource whose file is gone', () => {
    rmSync(at('orders/WebResources/lin_/images/orders.svg'))
    const run = pack()
    expect(messages(run, 'error')).toEqual([
      expect.stringContaining('<WebResource> names WebResources/lin_/images/orders.svg'),
      expect.stringContaining('nothing was packed'),
    ])
  })
})

describe('settings-file', () => {
  test('names what an environment has to be told, and keeps what is filled in (C66)', () => {
    const first = pack({ 'settings-file': 'settings/test.json' })
    expect(first.outputs['settings-file']).toBe(at('settings/test.json'))
    replace(
      'settings/test.json',
      '"SchemaName": "lin_OrderMailbox",\n      "Value": ""',
      '"SchemaName": "lin_OrderMailbox",\n      "Value": "orders@example.org"',
    )
    const second = pack({ 'settings-file': 'settings/test.json' })
    expect(first.log).toContain('2 environment variables and 2 connection references left to fill in.')
    expect(second.log).toContain('1 environment variable and 2 connection references left to fill in.')
    const settings = JSON.parse(read('settings/test.json'))
    expect(settings.EnvironmentVariables).toEqual([
      { SchemaName: 'lin_DeliveryDays', Value: '' },
      { SchemaName: 'lin_OrderMailbox', Value: 'orders@example.org' },
    ])
    expect(settings.ConnectionReferences).toHaveLength(2)
  })

  test('a file that is no JSON is refused and stays', () => {
    write('settings/test.json', '{')
    const run = pack({ 'settings-file': 'settings/test.json' })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('test.json is not valid JSON at line 1, column 2')
    expect(read('settings/test.json')).toBe('{')
    expect(existsSync(at('out'))).toBe(false)
  })

  test('what cannot be written is found before anything else', () => {
    replace('orders/Other/Solution.xml', '<Version>1.0.0.0<', '<Version>one<')
    write('file', 'text')
    for (const inputs of [
      { 'solution-file': 'file/orders.zip' },
      { 'settings-file': 'file/test.json' },
      { 'settings-file': 'orders' },
    ]) {
      expect(messages(pack(inputs), 'error')).toEqual([expect.stringContaining('cannot be written')])
    }
    expect(existsSync(at('out'))).toBe(false)
  })
})
