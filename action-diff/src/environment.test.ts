import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packSolution, readFolder, withVersion } from '@dsa/solution-package'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { emulate, type Emulated, type EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { builtAction, runAction } from '../../tests/support/run-action.ts'
import { importsOf } from '../../tests/support/syntax.ts'
import { gitIn } from '../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
const READER = '0a11ce00-0000-4000-8000-000000000014'
const SECRET = 'a-secret-that-is-long-enough-0014'
const FOLDER = 'solutions/orders'
const ORDER = `${FOLDER}/Entities/lin_Order/Entity.xml`

let emulated: Emulated
let workspace: string
let archives: { readonly unmanaged: Uint8Array; readonly managed: Uint8Array }
beforeAll(async () => {
  emulated = await emulate({
    jobSeconds: 0.01,
    securityRoles: { Reader: ['prvRead*'] },
    clients: [{ appId: READER, name: 'Reader', secret: SECRET, roles: ['Reader'] }],
  })
  archives = { unmanaged: await packed('Unmanaged'), managed: await packed('Managed') }
  workspace = mkdtempSync(join(tmpdir(), 'diff-environment-'))
  git('init', '-q', '-b', 'main')
  cpSync(sample, join(workspace, FOLDER), { recursive: true })
  commit('installed')
  git('tag', 'v1')
  edit(ORDER, (text) =>
    text.replace(/(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required'),
  )
  edit(`${FOLDER}/Other/Solution.xml`, (text) => text.replace('<Version>1.0.0.0<', '<Version>1.1.0.0<'))
  commit('new version')
  writeFileSync(join(workspace, 'installed.zip'), archives.managed)
  writeFileSync(join(workspace, 'older.zip'), await packed('Managed', '0.9.0.0'))
  writeFileSync(join(workspace, 'other.zip'), await makeArchive({ uniqueName: 'Invoices', managed: true }))
})
afterAll(async () => {
  rmSync(workspace, { recursive: true })
  await emulated.close()
})

async function packed(packageType: 'Unmanaged' | 'Managed', version = '1.0.0.0'): Promise<Uint8Array> {
  const source = readFolder(sample)
  const tree = {
    paths: source.paths,
    read: (path: string) =>
      path === 'Other/Solution.xml' ? withVersion(source.read(path), version) : source.read(path),
  }
  const [archive] = (await packSolution(tree, { packageType })).archives
  if (archive === undefined) throw new Error('Nothing was packed.')
  return archive.bytes
}

function git(...args: readonly string[]): void {
  gitIn(workspace, ...args)
}

function commit(message: string): void {
  git('add', '-A')
  git('commit', '-q', '-m', message)
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(workspace, path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

async function diff(environment: EmulatedEnvironment, inputs: Readonly<Record<string, string>> = {}) {
  const run = await runAction(
    'diff',
    { ...environment.connection, 'report-file': 'report.json', ...inputs },
    { workspace },
  )
  const said = environment.requests().filter(({ method }) => method !== 'GET')
  return {
    ...run,
    error: run.annotations.find(({ level }) => level === 'error')?.message ?? '',
    host: new URL(environment.url).host,
    posts: said.map(({ path }) => path),
  }
}

function report(): unknown {
  return JSON.parse(readFileSync(join(workspace, 'report.json'), 'utf8'))
}

test('an unmanaged solution is exported, and the head is compared with that; nothing else is sent', async () => {
  const run = await diff(await emulated.environment(archives.unmanaged))
  expect(run.error).toBe('')
  expect(run.outputs).toMatchObject({ 'changed-components': '2', added: '0', removed: '0', warnings: '1' })
  expect(run.posts).toEqual(['ExportSolutionAsync', 'DownloadSolutionExportData'])
  expect(run.summary).toContain('LindenOrders 1.0.0.0 → 1.1.0.0')
  expect(run.summary).toContain(`\`${run.host}\` (1.0.0.0 unmanaged) …`)
  expect(report()).toMatchObject({
    compared: { base: run.host },
    solutions: [{ installed: { environment: run.host, version: '1.0.0.0', isManaged: false } }],
  })
})

test('what is installed is compared with itself: nothing changed, and it says with what', async () => {
  const run = await diff(await emulated.environment(archives.unmanaged), { head: 'v1' })
  expect(run.error).toBe('')
  expect(run.outputs).toMatchObject({ changed: 'false' })
  expect(run.summary).toContain(`compared with \`${run.host}\` (1.0.0.0 unmanaged).`)
})

test.each(['installed.zip', 'v1'])(
  'a managed solution is compared with %s, which is the installed version; nothing is sent',
  async (base) => {
    const run = await diff(await emulated.environment(archives.managed), { base })
    expect(run.error).toBe('')
    expect(run.posts).toEqual([])
    expect(run.outputs).toMatchObject({ 'changed-components': '2', added: '0', removed: '0', warnings: '1' })
    expect(run.summary).toContain(`\`${run.host}\` (1.0.0.0 managed) …`)
    expect(report()).toMatchObject({ solutions: [{ installed: { version: '1.0.0.0', isManaged: true } }] })
  },
)

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    'no base',
    {},
    /'LindenOrders' 1\.0\.0\.0 is managed in .*exports no managed solution\. Give 'base', .*'LindenOrders' 1\.0\.0\.0.*action-fetch with 'previous-release'/,
  ],
  [
    'the archive of another version',
    { base: 'older.zip' },
    /has 'LindenOrders' 1\.0\.0\.0, managed, and 'base' \(older\.zip\) holds 'LindenOrders' 0\.9\.0\.0\..*action-fetch/,
  ],
  ['the archive of another solution', { base: 'other.zip' }, /holds 'Invoices' 1\.0\.0\.0\./],
  ['a revision with another version', { base: 'HEAD' }, /'base' \(HEAD\) holds 'LindenOrders' 1\.1\.0\.0\./],
  ['a revision that is not there', { base: 'v9' }, /no revision, folder or archive 'v9' \('base'\)/],
])('a managed solution with %s is an error that says what to give', async (_, inputs, message) => {
  const run = await diff(await emulated.environment(archives.managed), inputs)
  expect(run.code).toBe(1)
  expect(run.error).toMatch(message)
  expect(run.outputs).toEqual({})
})

test('where it is not installed everything is new, in the headline', async () => {
  const run = await diff(await emulated.environment())
  expect(run.error).toBe('')
  expect(run.outputs).toMatchObject({ changed: 'true', removed: '0', 'changed-components': '0' })
  expect(run.posts).toEqual([])
  expect(run.summary).toContain(`**everything is new**: it is not installed in \`${run.host}\``)
  expect(report()).toMatchObject({ solutions: [{ base: null, installed: { version: null } }] })
})

test('without the right to export the missing privilege is named', async () => {
  const run = await diff(await emulated.environment(archives.unmanaged), {
    'app-id': READER,
    'client-secret': SECRET,
  })
  expect(run.error).toMatch(/whose roles are 'Reader', lacks prvExportCustomization \(for every export\)/)
  expect(run.posts).toEqual([])
})

test('several solutions are each compared with what is installed of it', async () => {
  git('checkout', '-q', '-b', 'several')
  cpSync(sample, join(workspace, 'solutions/copy'), { recursive: true })
  edit('solutions/copy/Other/Solution.xml', (text) =>
    text.replace('<UniqueName>LindenOrders<', '<UniqueName>LindenCopy<'),
  )
  commit('another solution')
  git('checkout', '-q', 'main')
  const run = await diff(await emulated.environment(archives.unmanaged), { head: 'several' })
  expect(run.error).toBe('')
  expect(report()).toMatchObject({
    solutions: [
      { name: 'LindenCopy', base: null, installed: { version: null } },
      { name: 'LindenOrders', installed: { version: '1.0.0.0', isManaged: false } },
    ],
  })
})

test('a sign-in without an address is no other comparison', async () => {
  const environment = await emulated.environment(archives.unmanaged)
  const run = await diff(environment, { 'environment-url': '' })
  expect(run.error).toMatch(/'environment-url' is empty/)
  expect(environment.requests()).toEqual([])
})

test('what reaches an environment is not loaded before it is needed', () => {
  const loaded = new Set<string>()
  const load = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const name of staticImports(file)) load(join(dirname(file), name))
  }
  load(builtAction('diff'))
  const texts = [...loaded].map((file) => readFileSync(file, 'utf8'))
  const late = [
    'ExportSolutionAsync',
    'RetrieveCurrentOrganization',
    'EnvHttpProxyAgent',
    'ClientApplication',
  ]
  expect(late.filter((name) => texts.some((text) => text.includes(name)))).toEqual([])
  // They are somewhere, so the test looks for the right names.
  const chunks = importsOf(builtAction('diff')).filter((name) => /installed-pairs/.test(name))
  expect(chunks).toHaveLength(1)
})

/** Those at the start of a bundled file, which are those without `import()`. */
function staticImports(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return importsOf(file).filter((name) => name.startsWith('.') && !text.includes(`import("${name}")`))
}
