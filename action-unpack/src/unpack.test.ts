import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packSolution, readFolder } from '@dsa/solution-package'
import { folderTree } from '../../packages/solution-package/src/testing/reference-cases.ts'
import { solutionXml, solutionZip } from '../../packages/solution-package/src/testing/solution-zip.ts'
import { rawZip } from '../../packages/solution-package/src/testing/raw-zip.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))

let workspace: string
let archives: ReadonlyMap<string, Uint8Array>
beforeAll(async () => {
  const packed = await packSolution(readFolder(sample), { packageType: 'Both' })
  archives = new Map(packed.archives.map(({ kind, bytes }) => [kind, bytes]))
})
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'unpack-'))
  put('orders.zip', archives.get('Unmanaged') ?? '')
  put('orders_managed.zip', archives.get('Managed') ?? '')
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

function put(path: string, content: string | Uint8Array): void {
  const file = join(workspace, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const unpack = (inputs: Readonly<Record<string, string>> = {}, file = 'orders.zip') =>
  runActionSync('unpack', { 'solution-file': file, 'solution-folder': 'solution', ...inputs }, { workspace })

/** Texts of the files in the folder, by path. */
function tree(folder = 'solution'): Record<string, string> {
  const found = folderTree(join(workspace, folder))
  return Object.fromEntries(found.paths.map((path) => [path, Buffer.from(found.read(path)).toString('utf8')]))
}

const messages = (run: ReturnType<typeof unpack>, level: string): readonly string[] =>
  run.annotations.filter((annotation) => annotation.level === level).map(({ message }) => message)

describe('unpacking', () => {
  test('Both: the sample again, with counts, a summary, and no second change (C29, C30, C45)', () => {
    const first = unpack({ 'solution-type': 'Both' })
    expect(first.code).toBe(0)
    const count = String(readFolder(sample).paths.length)
    expect(first.outputs).toEqual({
      'solution-folder': join(workspace, 'solution'),
      'unique-name': 'LindenOrders',
      version: '1.0.0.0',
      'files-written': count,
      'files-added': count,
      'files-changed': '0',
      'files-unchanged': '0',
      'files-deleted': '0',
      'files-kept': '0',
      changed: 'true',
      'not-carried': '0',
    })
    expectGolden(import.meta.dirname, 'unpacked', first.summary.replaceAll(workspace, '/work'))
    const original = folderTree(sample)
    expect(Object.keys(tree()).toSorted()).toEqual(original.paths.toSorted())
    for (const path of original.paths) {
      expect(readFileSync(join(workspace, 'solution', path)).equals(original.read(path))).toBe(true)
    }
    const second = unpack({ 'solution-type': 'Both' })
    expect(second.outputs).toMatchObject({ changed: 'false', 'files-written': '0', 'files-unchanged': count })
  })

  test('Managed: the managed archive alone', () => {
    const run = unpack({ 'solution-type': 'managed' }, 'orders_managed.zip')
    expect(run.code).toBe(0)
    expect(tree()['Other/Solution.xml']).toContain('<Managed>1</Managed>')
    expect(tree()).toHaveProperty(['AppModules/lin_Orders/AppModule_managed.xml'])
  })

  test('paths with backslashes, and below folders that do not exist yet', () => {
    put('in/orders.zip', archives.get('Unmanaged') ?? '')
    const run = unpack({ 'solution-folder': 'src\\solutions\\orders' }, 'in\\orders.zip')
    expect(run.outputs['solution-folder']).toBe(join(workspace, 'src/solutions/orders'))
    expect(tree('src/solutions/orders')).toHaveProperty(['Other/Solution.xml'])
  })
})

describe('options', () => {
  test('overwrite-files: false keeps what is left over and what is read-only, with a warning', () => {
    unpack()
    put('solution/left-over.txt', 'mine')
    put('solution/WebResources/lin_/scripts/order_form.js', 'edited')
    chmodSync(join(workspace, 'solution/WebResources/lin_/scripts/order_form.js'), 0o444)
    put('solution/OptionSets/lin_orderstatus.xml', 'edited')
    const run = unpack({ 'overwrite-files': 'False' })
    expect(run.outputs).toMatchObject({ 'files-changed': '1', 'files-deleted': '0', 'files-kept': '2' })
    expect(messages(run, 'warning')).toEqual([
      expect.stringMatching(/^1 left-over files.*left-over\.txt$/),
      expect.stringMatching(/^1 read-only files.*order_form\.js$/),
    ])
    expect(tree()).toMatchObject({
      'left-over.txt': 'mine',
      'WebResources/lin_/scripts/order_form.js': 'edited',
    })
  })

  test('overwrite-files: empty refuses a folder that holds something else, true takes it (C41)', () => {
    put('solution/package.json', '{}')
    const refused = unpack()
    expect(refused.code).toBe(1)
    expect(messages(refused, 'error')).toEqual([expect.stringContaining("'overwrite-files: true'")])
    expect(tree()).toEqual({ 'package.json': '{}' })
    const taken = unpack({ 'overwrite-files': 'TRUE' })
    expect(taken.outputs['files-deleted']).toBe('1')
  })

  test('overwrite-files: empty refuses the root of the workspace', () => {
    const run = unpack({ 'solution-folder': '.' })
    expect(messages(run, 'error')).toEqual([expect.stringContaining('is the root of the workspace')])
    expect(readdirSync(workspace).toSorted()).toEqual(['orders.zip', 'orders_managed.zip'])
  })

  test('single-component: elements of one kind only', () => {
    const run = unpack({ 'single-component': 'webresource' })
    expect(run.code).toBe(0)
    const paths = Object.keys(tree())
    expect(paths).toContain('WebResources/lin_/images/orders.svg.data.xml')
    expect(paths.filter((path) => /^(Other|Entities|Roles)\//.test(path))).toEqual([])
  })

  test('map-file: mapped files stay out of the folder, a line that fits nothing is a warning (C36)', () => {
    put(
      'map.xml',
      `<Mapping>
        <FileToFile map="order_form.js" to="../src/order_form.js" />
        <FileToFile map="nothing.js" to="../src/nothing.js" />
        <FileToPath map="WebResources\\lin_\\images\\*.*" to="../images/**" />
      </Mapping>`,
    )
    const run = unpack({ 'map-file': 'map.xml' })
    expect(messages(run, 'warning')).toEqual([
      "The map file's line 3 (FileToFile 'nothing.js') fits no file of the solution.",
    ])
    const paths = Object.keys(tree())
    expect(paths).toContain('WebResources/lin_/scripts/order_form.js.data.xml')
    expect(paths).not.toContain('WebResources/lin_/scripts/order_form.js')
    expect(paths).not.toContain('WebResources/lin_/images/orders.svg')
    expect(existsSync(join(workspace, 'src'))).toBe(false)
  })

  test('localize, use-lcid and locale-template write resource files', () => {
    unpack({ localize: 'true', 'locale-template': 'auto' })
    expect(tree()).toHaveProperty(['Resources/en-US/resources.en-US.resx'])
    expect(tree()['Resources/template_resources.resx']).toContain('<value>Linden Orders</value>')
    const numbered = unpack({ localize: 'true', 'use-lcid': 'true' })
    expect(numbered.outputs).toMatchObject({ 'files-added': '1', 'files-deleted': '2' })
    expect(tree()).toHaveProperty(['Resources/1033/resources.1033.resx'])
  })

  test('locale-template: a language that is none stops the run', () => {
    const run = unpack({ 'locale-template': 'klingon' })
    expect(messages(run, 'error')).toEqual([expect.stringContaining("'klingon' is no language")])
    expect(existsSync(join(workspace, 'solution'))).toBe(false)
  })

  test('line-endings: crlf for what is made, never for what is copied; auto keeps them', () => {
    unpack({ 'line-endings': 'crlf' })
    const script = 'WebResources/lin_/scripts/order_form.js'
    expect(tree()['Other/Solution.xml']).toContain('\r\n  <SolutionManifest>\r\n')
    expect(tree()[script]).toBe(readFileSync(join(sample, script), 'utf8'))
    expect(unpack().outputs).toMatchObject({ changed: 'false' })
    unpack({ 'line-endings': 'lf' })
    expect(tree()['Other/Solution.xml']).not.toContain('\r')
  })

  test('ignore: files that match stay', () => {
    unpack()
    put('solution/README.md', 'mine')
    put('solution/WebResources/src/a.ts', 'mine')
    put('solution/left-over.txt', 'to be deleted')
    const run = unpack({ ignore: '*.md\nWebResources/src # sources of the scripts\n' })
    expect(run.outputs).toMatchObject({ 'files-deleted': '1', 'files-kept': '0' })
    expect(tree()).toMatchObject({ 'README.md': 'mine', 'WebResources/src/a.ts': 'mine' })
  })

  test('what the run reads is not deleted, wherever it lies', () => {
    put('solution/orders.zip', archives.get('Unmanaged') ?? '')
    put('solution/map.xml', '<Mapping />')
    put('solution/left-over.txt', '')
    const inputs = { 'overwrite-files': 'true', 'map-file': 'solution/map.xml' }
    const run = unpack(inputs, 'solution/orders.zip')
    expect(run.outputs['files-deleted']).toBe('1')
    expect(messages(run, 'warning')).toEqual([
      expect.stringContaining("'solution-file' lies in 'solution-folder'"),
    ])
    expect(readdirSync(join(workspace, 'solution'))).toEqual(
      expect.arrayContaining(['orders.zip', 'map.xml', 'Other']),
    )
    expect(unpack(inputs, 'solution/orders.zip').outputs['changed']).toBe('false')
  })

  test('dry-run: says what would be done', () => {
    const run = unpack({ 'dry-run': 'true' })
    expect(run.outputs).toMatchObject({ changed: 'true' })
    expect(messages(run, 'notice')).toEqual([expect.stringContaining("'dry-run' is true")])
    expect(existsSync(join(workspace, 'solution'))).toBe(false)
  })

  test('normalize: what environments reorder comes in one order', () => {
    expect(unpack({ normalize: 'true' }).code).toBe(0)
    expect(unpack({ normalize: 'true' }).outputs['changed']).toBe('false')
  })

  const withoutEffect: readonly (readonly [name: string, message: string])[] = [
    ['process-canvas-apps', 'The .msapp files are kept as they are.'],
    ['use-unmanaged-file-for-missing-managed', 'packing always falls back to the unmanaged file'],
    ['disable-plugin-remap', 'Set it when packing.'],
    ['use-lcid', "has no effect without 'localize: true'"],
  ]
  const all = (value: string) => Object.fromEntries(withoutEffect.map(([name]) => [name, value]))

  test('what has no effect here is told, each in a notice of its own (C44)', () => {
    const run = unpack(all('true'))
    expect(run.code).toBe(0)
    const notices = messages(run, 'notice')
    expect(notices).toHaveLength(withoutEffect.length)
    for (const [name, message] of withoutEffect) {
      expect(notices.filter((notice) => notice.includes(name))).toEqual([expect.stringContaining(message)])
    }
    expect(messages(unpack(all('')), 'notice')).toEqual([])
  })
})

describe('what the archive loses', () => {
  beforeEach(() => {
    put(
      'lossy.zip',
      solutionZip({
        more: [
          { name: 'root.txt', content: '1' },
          { name: 'Other/a.txt', content: '1' },
        ],
      }),
    )
  })

  test('is a warning each, and counted', () => {
    const run = unpack({}, 'lossy.zip')
    expect(run.outputs['not-carried']).toBe('2')
    expect(messages(run, 'warning')).toEqual([
      expect.stringMatching(/^root\.txt is not carried over: /),
      expect.stringMatching(/^Other\/a\.txt is not carried over: /),
    ])
    expect(run.summary).toContain('root.txt')
  })

  test('is an error with fail-on-loss, before anything is written', () => {
    const run = unpack({ 'fail-on-loss': 'true' }, 'lossy.zip')
    expect(run.code).toBe(1)
    expect(messages(run, 'error')[0]).toMatch(/^2 things in the archive .*\nroot\.txt .*\nOther\/a\.txt /s)
    expect(existsSync(join(workspace, 'solution'))).toBe(false)
  })
})

describe('what cannot be unpacked is one message that says what to do', () => {
  test.each<[string, Record<string, string>, string]>([
    ['no file', { 'solution-file': '' }, "Input 'solution-file' is required and was not given."],
    ['no folder', { 'solution-folder': '  ' }, "Input 'solution-folder' is required and was not given."],
    ['a type that does not exist', { 'solution-type': 'Unmanged' }, "Did you mean 'Unmanaged'?"],
    [
      'a boolean that is none',
      { 'overwrite-files': 'yes' },
      "Input 'overwrite-files' is 'yes'; it must be true or false.",
    ],
    ['a number that is none', { 'max-entries': '-1' }, 'must be a whole number of entries of at least 1'],
    [
      'a file that does not exist',
      { 'solution-file': 'other.zip' },
      'large.zip, orders.zip, orders_managed.zip,',
    ],
    ['a folder in place of the file', { 'solution-file': 'folder' }, "folder is no solution's source"],
    ['a text', { 'solution-file': 'text.zip' }, 'text.zip is not a zip archive'],
    [
      'another zip',
      { 'solution-file': 'other-kind.zip' },
      'other-kind.zip has no solution.xml, so it is no solution archive',
    ],
    [
      'the wrong type',
      { 'solution-type': 'Managed' },
      "is unmanaged, so it cannot be unpacked with 'solution-type: Managed'",
    ],
    [
      'the managed archive as the first of both',
      { 'solution-type': 'Both', 'solution-file': 'orders_managed.zip' },
      "Give the unmanaged archive 'orders.zip' as 'solution-file'.",
    ],
    ['no managed sibling', { 'solution-type': 'Both', 'solution-file': 'alone.zip' }, 'alone_managed.zip'],
    ['too many entries', { 'max-entries': '3' }, 'the limit is 3'],
    [
      'too large',
      { 'max-unpacked-megabytes': '1', 'solution-file': 'large.zip' },
      'unpacks to more than 1048576 bytes',
    ],
    [
      'too dense',
      { 'max-compression-ratio': '20', 'solution-file': 'large.zip' },
      'over the limit of 20 to 1',
    ],
    ['no map file', { 'map-file': 'none.xml' }, 'none.xml, which does not exist.'],
    ['a file as folder', { 'solution-folder': 'orders.zip' }, 'is a file, not a folder'],
  ])('%s', (_, inputs, message) => {
    mkdirSync(join(workspace, 'folder'))
    put('text.zip', 'a text')
    put('other-kind.zip', solutionZip({ solution: undefined }))
    put('alone.zip', archives.get('Unmanaged') ?? '')
    put('large.zip', solutionZip({ more: [{ name: 'x/a.txt', content: 'a'.repeat(2 * 1024 ** 2) }] }))
    const run = unpack(inputs)
    expect(run.code).toBe(1)
    expect(messages(run, 'error')).toHaveLength(1)
    expect(messages(run, 'error')[0]).toContain(message)
    expect(run.stderr).toBe('')
    expect(existsSync(join(workspace, 'solution'))).toBe(false)
  })

  test('an input that is misspelt', () => {
    const run = unpack({ 'overwrite-file': 'true' })
    expect(messages(run, 'error')).toEqual([
      "Input 'overwrite-file' does not exist. Did you mean 'overwrite-files'?",
    ])
  })

  test('an input that does not exist is a warning', () => {
    const run = unpack({ 'working-directory': 'x' })
    expect(run.code).toBe(0)
    expect(messages(run, 'warning')).toEqual([expect.stringContaining("'working-directory'")])
  })
})

describe('a folder that belongs to another', () => {
  const otherZip = (name: string): Buffer =>
    solutionZip({ solution: solutionXml.replace('<UniqueName>Hostile<', `<UniqueName>${name}<`) })
  const solutionOf = (): string => tree()['Other/Solution.xml'] ?? ''

  test('another solution is refused with the way out, and nothing is touched', () => {
    unpack()
    const before = tree()
    put('other.zip', otherZip('Other'))
    const refused = unpack({ 'overwrite-files': 'true' }, 'other.zip')
    expect(refused.code).toBe(1)
    expect(messages(refused, 'error')).toEqual([
      expect.stringMatching(
        /holds the solution 'LindenOrders', and the archive is of 'Other'.*'replace-solution: true'/,
      ),
    ])
    expect(tree()).toEqual(before)
    expect(unpack({ 'replace-solution': 'true' }, 'other.zip').code).toBe(0)
    expect(solutionOf()).toContain('<UniqueName>Other</UniqueName>')
  })

  test("names are compared without case, and a folder that cannot be read is nobody's", () => {
    put('other.zip', otherZip('OTHER'))
    put('same.zip', otherZip('other'))
    unpack({}, 'other.zip')
    expect(unpack({}, 'same.zip').code).toBe(0)
    put('solution/Other/Solution.xml', '<ImportExportXml>\n<<<<<<< ours\n')
    expect(unpack().code).toBe(0)
  })

  test('a folder of both archives is not replaced by one, nor one kind by the other', () => {
    unpack({ 'solution-type': 'Both' })
    const before = tree()
    const [unmanaged, managed] = [unpack(), unpack({ 'solution-type': 'Managed' }, 'orders_managed.zip')]
    for (const run of [unmanaged, managed]) {
      expect(messages(run, 'error')).toEqual([
        expect.stringMatching(/was unpacked with 'solution-type: Both'.*'replace-solution: true'/),
      ])
    }
    expect(tree()).toEqual(before)
    expect(unpack({ 'replace-solution': 'true' }).code).toBe(0)
    const back = unpack({ 'solution-type': 'Managed' }, 'orders_managed.zip')
    expect(messages(back, 'error')).toEqual([expect.stringContaining("'solution-type: Unmanaged'")])
    expect(unpack({ 'solution-type': 'Both' }).code).toBe(0)
  })

  test('a managed twin of another solution is refused, one of another version is told', () => {
    put('pair.zip', otherZip('Pair'))
    const twin = (name: string, version: string): Buffer =>
      solutionZip({
        solution: solutionXml
          .replace('<UniqueName>Hostile<', `<UniqueName>${name}<`)
          .replace('<Version>1.0.0.0<', `<Version>${version}<`)
          .replace('<Managed>0<', '<Managed>1<'),
      })
    put('pair_managed.zip', twin('Solo', '1.0.0.0'))
    expect(messages(unpack({ 'solution-type': 'Both' }, 'pair.zip'), 'error')).toEqual([
      expect.stringContaining("are of different solutions, 'Pair' and 'Solo'"),
    ])
    put('pair_managed.zip', twin('PAIR', '1.0.0.0'))
    expect(unpack({ 'solution-type': 'Both' }, 'pair.zip').code).toBe(0)
    put('pair_managed.zip', twin('Pair', '1.0.0.1'))
    const mixed = unpack({ 'solution-type': 'Both' }, 'pair.zip')
    expect(messages(mixed, 'warning')).toEqual([
      'The two archives are of different versions, 1.0.0.0 and 1.0.0.1, so the folder mixes both.',
    ])
    expect(mixed.outputs['not-carried']).toBe('0')
  })

  test('before sources of canvas apps are deleted, the run says what they are', () => {
    unpack()
    put('solution/CanvasApps/src/app/CanvasManifest.json', '{}')
    put('solution/CanvasApps/src/app/Src/App.fx.yaml', 'App')
    expect(messages(unpack({ ignore: 'CanvasApps/src/**' }), 'warning')).toEqual([])
    expect(messages(unpack(), 'warning')).toEqual([
      expect.stringMatching(/^CanvasApps\/src is source that 'process-canvas-apps' made/),
    ])
    expect(messages(unpack(), 'warning')).toEqual([])
  })
})

describe('what is given instead of a solution archive', () => {
  const zipAround = (...names: string[]): Buffer =>
    rawZip(names.map((name) => ({ name, content: name.endsWith('.zip') ? solutionZip() : 'x' })))

  test.each<[string, () => Buffer | string, RegExp]>([
    [
      'an artifact',
      () => zipAround('readme.txt', 'in/Orders.zip'),
      /It holds 'in\/Orders\.zip', which is a solution archive/,
    ],
    ['two archives', () => zipAround('a.zip', 'b.zip'), /holds the solution archives 'a\.zip' and 'b\.zip'/],
    [
      'an archive of no solution',
      () => rawZip([{ name: 'a.zip', content: rawZip([]) }]),
      /is no solution archive\.$/,
    ],
    [
      'the unzipped folder',
      () => zipAround('Orders/solution.xml', 'Orders/customizations.xml'),
      /solution\.xml lies in 'Orders\/'/,
    ],
    ['an unpacked solution', () => zipAround('src/Other/Solution.xml'), /pack that folder with action-pack/],
    [
      'a Git LFS pointer',
      () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      /is a Git LFS pointer.*'lfs: true'/,
    ],
    ['a web page', () => '\u{feff}\n<!DOCTYPE html>\n<html>', /is a web page \(HTML\)/],
    ['an answer of a service', () => '{"error": 1}', /it is JSON/],
  ])('%s: the message says what it is', (_, content, message) => {
    put('given.zip', content())
    expect(messages(unpack({}, 'given.zip'), 'error')).toEqual([expect.stringMatching(message)])
  })
})
