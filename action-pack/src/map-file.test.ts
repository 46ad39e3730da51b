import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openZip } from '@dsa/solution-package'
import { fieldCase, noteMissing } from '../../packages/solution-package/src/testing/reference-cases.ts'
import { solutionXml, solutionZip } from '../../packages/solution-package/src/testing/solution-zip.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

let place = ''
let workspace = ''
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'map-file-')))
  workspace = join(place, 'workspace')
  mkdirSync(workspace)
})
afterEach(() => rmSync(place, { recursive: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}

const mapped = (...lines: readonly string[]): void => put('map.xml', `<Mapping>${lines.join('\n')}</Mapping>`)

const unpack = (inputs: Readonly<Record<string, string>> = {}) =>
  runActionSync(
    'unpack',
    { 'solution-file': 'in.zip', 'solution-folder': 'src', 'map-file': 'map.xml', ...inputs },
    { workspace },
  )

const pack = (inputs: Readonly<Record<string, string>> = {}) =>
  runActionSync(
    'pack',
    { 'solution-file': 'out.zip', 'solution-folder': 'src', 'map-file': 'map.xml', ...inputs },
    { workspace },
  )

const bytesOf = (path: string): Buffer => readFileSync(join(workspace, path))
const contents = (path: string): Record<string, string> =>
  Object.fromEntries(
    openZip(bytesOf(path)).map((entry) => [entry.name, Buffer.from(entry.read()).toString()]),
  )

/** Everything below a folder, with contents. */
const snapshot = (of = workspace): unknown =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .toSorted()
    .map((path) => [path, readFileSync(path, 'utf8')])

const sections =
  '<CustomControls><CustomControl><Name>fld_C.Picker</Name><FileName>/Controls/fld_C.Picker/ControlManifest.xml</FileName></CustomControl></CustomControls><WebResources><WebResource><WebResourceId>{11111111-1111-1111-1111-111111111111}</WebResourceId><Name>fld_/js/main.js</Name><DisplayName>m</DisplayName><WebResourceType>3</WebResourceType><FileName>/WebResources/fld_jsmain1</FileName></WebResource></WebResources>'
const archive = {
  'Controls/fld_C.Picker/ControlManifest.xml':
    '<manifest><control namespace="C" constructor="Picker"><resources><code path="bundle.js" /><css path="css/a.css" /></resources></control></manifest>',
  'Controls/fld_C.Picker/bundle.js': 'bundle',
  'Controls/fld_C.Picker/css/a.css': 'css',
  'WebResources/fld_jsmain1': 'main',
  'pluginpackages/fld_P/pluginpackage.xml':
    '<pluginpackage uniquename="fld_P"><package mimetype="application/octet-stream">fld_P.nupkg</package></pluginpackage>',
  'pluginpackages/fld_P/package/fld_P.nupkg': 'nupkg',
  'powerpagecomponents/p1/powerpagecomponent.xml':
    '<powerpagecomponent powerpagecomponentid="p1"><filecontent mimetype="image/png">logo.png</filecontent></powerpagecomponent>',
  'powerpagecomponents/p1/filecontent/logo.png': 'logo',
  'Assets/x.txt': 'x',
  'Assets/deep/y.txt': 'y',
}
const types = ['xml', 'js', 'css', 'nupkg', 'png', 'txt']
  .map((extension) => `<Default Extension="${extension}" ContentType="application/octet-stream" />`)
  .join('')

function putArchive(): void {
  const customizations = `<ImportExportXml><Entities /><Roles /><Workflows /><FieldSecurityProfiles /><Templates /><EntityMaps /><EntityRelationships /><OrganizationSettings /><optionsets />${sections}<Languages><Language>1033</Language></Languages></ImportExportXml>`
  const zip = solutionZip({
    customizations,
    contentTypes: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${types}<Override PartName="/WebResources/fld_jsmain1" ContentType="application/octet-stream" /></Types>`,
    solution: solutionXml.replace(
      '<RootComponents />',
      '<RootComponents><RootComponent type="61" schemaName="fld_/js/main.js" behavior="0" /><RootComponent type="66" schemaName="fld_C.Picker" behavior="0" /></RootComponents>',
    ),
    more: Object.entries(archive).map(([name, content]) => ({ name, content })),
  })
  writeFileSync(join(workspace, 'in.zip'), zip)
}

const maps: readonly (readonly [string, readonly string[]])[] = [
  [
    'each file by its name',
    [
      '<FileToFile map="Controls\\fld_C.Picker\\bundle.js" to="..\\built\\bundle.js" />',
      '<FileToFile map="a.css" to="../built/css/a.css" />',
      '<FileToFile map="main.js" to="../built/main.js" />',
      '<FileToFile map="fld_P.nupkg" to="../built/P.1.0.nupkg" />',
      '<FileToFile map="logo.png" to="../built/logo.png" />',
      '<FileToFile map="x.txt" to="../built/x.txt" />',
    ],
  ],
  ['patterns', ['<FileToPath map="**/*.*" to="../built/**" />']],
  [
    'folders with all below them',
    [
      '<Folder map="Controls\\fld_C.Picker" to="..\\built" />',
      '<Folder map="WebResources/fld_/js" to="../built/" />',
      '<Folder map="pluginpackages" to="../packages" />',
      '<Folder map="powerpagecomponents" to="../pages" />',
      '<Folder map="Assets" to="../assets" />',
    ],
  ],
]

describe('the same map for unpacking and packing gives the same archive', () => {
  test.each(maps)('%s', (_, lines) => {
    putArchive()
    for (const [path, text] of Object.entries({
      'bundle.js': 'bundle',
      'ControlManifest.xml': archive['Controls/fld_C.Picker/ControlManifest.xml'],
      'css/a.css': 'css',
      'main.js': 'main',
      'P.1.0.nupkg': 'nupkg',
      'package/fld_P.nupkg': 'nupkg',
      'logo.png': 'logo',
    })) {
      put(`built/${path}`, text)
    }
    mapped()
    expect(unpack().code).toBe(0)
    const packed = pack({ verify: 'false' })
    expect(packed.log).toContain('sha256')
    const whole = contents('out.zip')
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(Object.keys(archive)))
    rmSync(join(workspace, 'src'), { recursive: true })

    mapped(...lines)
    expect(unpack().code).toBe(0)
    for (const path of ['Controls/fld_C.Picker/bundle.js', 'WebResources/fld_/js/main.js'])
      expect(existsSync(join(workspace, 'src', path))).toBe(false)
    expect(pack({ verify: 'false' }).code).toBe(0)
    expect(contents('out.zip')).toEqual(whole)
    // A build is packed from where it lies.
    put('built/bundle.js', 'built anew')
    expect(pack({ verify: 'false' }).code).toBe(0)
    expect(contents('out.zip')).toEqual({ ...whole, 'Controls/fld_C.Picker/bundle.js': 'built anew' })
  })
})

test('a file that is neither where the map says nor in the folder fails the pack, and both places are told', () => {
  putArchive()
  mapped('<FileToFile map="bundle.js" to="../built/bundle.js" />')
  expect(unpack().code).toBe(0)
  const run = pack()
  expect(run.code).toBe(1)
  expect(run.log).toContain("sends Controls/fld_C.Picker/bundle.js to '../built/bundle.js', where it is not")
  expect(run.log).toContain('names Controls/fld_C.Picker/bundle.js')
})

describe('no target leads out of the workspace or into .git, and nothing is done before all are checked', () => {
  const secrets = '<FileToFile map="x.txt" to="/proc/self/environ" />'

  test.each([
    ['out of the workspace', '<Folder map="Assets" to="../../outside" />', 'outside of the workspace'],
    ['an absolute path', '<Folder map="Assets" to="/tmp/assets-of-nobody" />', 'outside of the workspace'],
    ['a .git folder', '<Folder map="Assets" to="../.git/hooks" />', 'lies in a .git folder'],
    ['a link out of the workspace', '<Folder map="Assets" to="../link/x" />', 'outside of the workspace'],
    ['a link to a .git folder', '<Folder map="Assets" to="../hooks" />', 'lies in a .git folder'],
    ['what the process is told', secrets, 'outside of the workspace'],
  ])('%s', (_, line, message) => {
    putArchive()
    mapped()
    expect(unpack().code).toBe(0)
    mkdirSync(join(workspace, '.git/hooks'), { recursive: true })
    mkdirSync(join(place, 'outside'))
    writeFileSync(join(place, 'outside/x.txt'), 'theirs')
    symlinkSync(join(place, 'outside'), join(workspace, 'link'))
    symlinkSync(join(workspace, '.git/hooks'), join(workspace, 'hooks'))
    mapped('<Folder map="Controls" to="../controls" />', line)
    const before = snapshot(place)
    for (const run of [unpack(), pack({ verify: 'false' })]) {
      expect(run.code).toBe(1)
      expect(run.log).toContain(message)
      expect(run.log).toContain('line 2')
    }
    expect(snapshot(place)).toEqual(before)
  })

  test('a link among the files of a target is not read', () => {
    putArchive()
    mapped()
    expect(unpack().code).toBe(0)
    writeFileSync(join(place, 'secret'), 'theirs')
    put('built/y.txt', '')
    symlinkSync(join(place, 'secret'), join(workspace, 'built/x.txt'))
    for (const line of [
      '<FileToFile map="x.txt" to="../built/x.txt" />',
      '<Folder map="Assets" to="../built" />',
    ]) {
      mapped(line)
      const run = pack({ verify: 'false' })
      expect(run.code).toBe(1)
      expect(run.log).toContain('outside of the workspace')
    }
    expect(existsSync(join(workspace, 'out.zip'))).toBe(false)
  })

  test("'allow-outside-workspace: true' lets them out, but never into .git", () => {
    putArchive()
    mapped('<Folder map="Assets" to="../../outside" />')
    const allowed = { 'allow-outside-workspace': 'true', verify: 'false' }
    expect(unpack(allowed).code).toBe(0)
    expect(readFileSync(join(place, 'outside/deep/y.txt'), 'utf8')).toBe('y')
    expect(pack(allowed).code).toBe(0)
    expect(contents('out.zip')).toMatchObject({ 'Assets/x.txt': 'x', 'Assets/deep/y.txt': 'y' })
    mapped('<Folder map="Assets" to="../.git/hooks" />')
    expect(unpack(allowed).log).toContain('lies in a .git folder')
  })
})

test('a run that fails leaves the folder and all targets as they were', () => {
  putArchive()
  mapped('<Folder map="Assets" to="../assets" />')
  expect(unpack().code).toBe(0)
  // A folder where a file has to be: it stands in the way when the target is written, after the folder.
  rmSync(join(workspace, 'assets/x.txt'))
  put('assets/x.txt/mine', 'mine')
  rmSync(join(workspace, 'src/WebResources/fld_/js/main.js'))
  const before = snapshot()
  const run = unpack()
  expect(run.code).toBe(1)
  expect(run.log).toContain('is a folder where a file has to be')
  expect(snapshot()).toEqual(before)
  expect(readdirSync(workspace).toSorted()).toEqual(['assets', 'in.zip', 'map.xml', 'src'])
})

test('a target in the solution folder is refused, since unpacking would delete what is built there', () => {
  putArchive()
  mapped('<Folder map="Assets" to="assets" />')
  put('src/assets/x.txt', 'built')
  put('src/Other/Solution.xml', 'mine')
  const before = snapshot()
  const run = unpack({ 'overwrite-files': 'true' })
  expect(run.code).toBe(1)
  expect(run.log).toContain('cannot be a target')
  expect(snapshot()).toEqual(before)
})

test('a solution folder that is a link to .git is refused, whatever else is allowed', () => {
  putArchive()
  mapped()
  mkdirSync(join(workspace, '.git'))
  symlinkSync(join(workspace, '.git'), join(workspace, 'src'))
  const run = unpack({ 'overwrite-files': 'true', 'allow-outside-workspace': 'true' })
  expect(run.code).toBe(1)
  expect(run.log).toContain('lies in a .git folder')
  expect(readdirSync(join(workspace, '.git'))).toEqual([])
})

describe('a solution folder that is, or leads through, a link out of the workspace is refused', () => {
  test.each(['src', 'link/src'])('%s', (folder) => {
    putArchive()
    mapped()
    expect(unpack().code).toBe(0)
    cpSync(join(workspace, 'src'), join(place, 'outside/src'), { recursive: true })
    rmSync(join(workspace, 'src'), { recursive: true })
    symlinkSync(
      join(place, folder === 'src' ? 'outside/src' : 'outside'),
      join(workspace, folder.split('/')[0] ?? ''),
    )
    const before = snapshot(join(place, 'outside'))
    for (const run of [
      unpack({ 'solution-folder': folder }),
      pack({ 'solution-folder': folder, verify: 'false' }),
    ]) {
      expect(run.code).toBe(1)
      expect(run.log).toContain('out of the workspace')
    }
    expect(snapshot(join(place, 'outside'))).toEqual(before)
  })

  test('a link that stays in the workspace is followed', () => {
    putArchive()
    mapped()
    mkdirSync(join(workspace, 'real'))
    symlinkSync(join(workspace, 'real'), join(workspace, 'src'))
    expect(unpack().code).toBe(0)
    expect(existsSync(join(workspace, 'real/Other/Solution.xml'))).toBe(true)
  })
})

const cases = fieldCase('.')
if (cases === undefined) noteMissing('cases')
const testCases = cases === undefined ? describe.skip : describe

testCases('cases from the field', () => {
  const of = (name: string): string => join(cases ?? '', name)

  test('map-folder-with-subfolders', () => {
    cpSync(of('map-folder-with-subfolders'), workspace, { recursive: true })
    const run = pack()
    expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
    expect(Object.values(contents('out.zip'))).toContain(bytesOf('web/scripts/main.js').toString())
    copyFileSync(join(workspace, 'out.zip'), join(workspace, 'in.zip'))
    expect(unpack().code).toBe(0)
    expect(existsSync(join(workspace, 'src/WebResources/fld_/scripts/main.js'))).toBe(false)
    expect(pack().code).toBe(0)
    expect(Object.keys(contents('out.zip'))).toEqual(Object.keys(contents('in.zip')))
  })

  test.each(['map-bundle', 'map-filetopath', 'map-folder', 'map-nupkg'])(
    'map-pcf-and-plugin-package: %s',
    (map) => {
      cpSync(of('map-pcf-and-plugin-package'), workspace, { recursive: true })
      const inputs = { 'map-file': `${map}.xml`, verify: 'false' }
      expect(unpack({ ...inputs, 'solution-file': 'export.zip' }).code).toBe(0)
      const run = pack(inputs)
      expect(run.annotations).toEqual([])
      const [exported, packed] = [contents('export.zip'), contents('out.zip')]
      expect(Object.keys(packed).toSorted()).toEqual(Object.keys(exported).toSorted())
      const [bundle, nupkg] = [
        'Controls/fld_Contoso.Picker/bundle.js',
        'pluginpackages/fld_Contoso.Plugins/package/fld_Contoso.Plugins.nupkg',
      ]
      expect([packed[bundle], packed[nupkg]]).toEqual(map === 'map-nupkg' ? ['OLD', 'NEW'] : ['NEW', 'OLD'])
    },
  )
})
