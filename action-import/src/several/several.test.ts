import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  makeArchive,
  type SolutionSketch,
} from '../../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { emulatedActions } from '../testing/emulated-actions.ts'

const emulated = emulatedActions()
const { act, workspace, freshEnvironment, jobsOf } = emulated

/** What an export lists of a table that another solution has; `Active` where both are made in one environment. */
function needs(table: string, solution = 'Active'): string {
  return `<MissingDependency><Required type="1" schemaName="${table}" displayName="${table}" solution="${solution}" /><Dependent type="1" schemaName="new_any" displayName="Any" /></MissingDependency>`
}

async function write(folder: string, sketches: Readonly<Record<string, SolutionSketch>>): Promise<void> {
  await mkdir(join(workspace(), folder), { recursive: true })
  for (const [name, sketch] of Object.entries(sketches)) {
    await writeFile(
      join(workspace(), folder, name),
      await makeArchive({ version: '1.0.0.0', managed: true, ...sketch }),
    )
  }
}

beforeAll(async () => {
  await write('chain', {
    'a-orders.zip': {
      uniqueName: 'Orders',
      tables: { new_order: ['new_name'] },
      missingDependencies: needs('new_base'),
      variables: { new_Mailbox: 'none' },
    },
    'b-core.zip': { uniqueName: 'Core', tables: { new_base: ['new_name'] } },
    'c-reports.zip': {
      uniqueName: 'Reports',
      webResources: { 'new_/report.js': '1' },
      missingDependencies: needs('new_order', 'Orders (1.0.0.0)'),
      variables: { new_Level: '1' },
    },
    'orders [2].zip': { uniqueName: 'Other' },
  })
  await write('circle', {
    'a.zip': { uniqueName: 'A', tables: { new_a: [] }, missingDependencies: needs('new_b') },
    'b.zip': { uniqueName: 'B', tables: { new_b: [] }, missingDependencies: needs('new_c', 'C (1.0)') },
    'c.zip': { uniqueName: 'C', tables: { new_c: [] }, missingDependencies: needs('new_a') },
    'd.zip': { uniqueName: 'D', missingDependencies: needs('new_a') },
  })
  await write('twice', {
    'a.zip': { uniqueName: 'Same', managed: false },
    'a_managed.zip': { uniqueName: 'same' },
  })
  await write('broken', {
    'a.zip': { uniqueName: 'First' },
    'b.zip': { uniqueName: 'Second', missingDependencies: needs('new_nowhere', 'Nowhere (2.0.0.0)') },
    'c.zip': { uniqueName: 'Third' },
  })
})

function errorOf({ annotations }: { annotations: readonly { level: string; message: string }[] }): string {
  return annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)
    .join('\n')
}

function solutionsOf(outputs: Readonly<Record<string, string>>): readonly Record<string, unknown>[] {
  const solutions: Record<string, unknown>[] = JSON.parse(outputs['solutions'] ?? '[]')
  return solutions
}

/** Imports that were sent, in order. */
function imported(requests: readonly { readonly path: string; readonly method: string }[]): number {
  return requests.filter(({ method, path }) => method === 'POST' && /(Import|Upgrade)\w*Async$/.test(path))
    .length
}

const CHAIN = 'chain/?-*.zip'

test('what others need is imported first, each by its own decision, with one summary and the outputs of each', async () => {
  const { code, outputs, summary, requests, log } = await act({
    'solution-file': CHAIN,
    'environment-variables': 'new_Mailbox=orders@contoso.example\nnew_Level=7',
  })
  expect(code).toBe(0)
  expect(log).toContain('Importing, in this order: Core, Orders, Reports.')
  expect(imported(requests)).toBe(3)
  expect(solutionsOf(outputs)).toMatchObject(
    ['Core', 'Orders', 'Reports'].map((name) => ({
      'solution-name': name,
      decision: 'install',
      version: '1.0.0.0',
      'import-status': 'succeeded',
      'import-job-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })),
  )
  expect(outputs).toMatchObject({ changed: 'true', 'import-status': 'succeeded', errors: '0' })
  expect(summary.match(/^### .*$/gm)).toEqual(['### ✅ Imported 3 solutions'])
  expect(summary).toMatch(
    /\| Core \| 1\.0\.0\.0 \| Installed Core [^]*#### Installed Core [^]*#### Installed Reports /,
  )
})

test('each setting goes with the solution that has it, so none is unknown to another one', async () => {
  const { outputs, annotations } = await act(
    {
      'solution-file': CHAIN,
      'environment-variables': 'new_Mailbox=orders@contoso.example\nnew_Level=7',
    },
    { environment: { RUNNER_TEMP: workspace() } },
  )
  expect(annotations).toEqual([])
  const settings = solutionsOf(outputs).map((one) => {
    const record: { settings: { name: string }[] } = JSON.parse(
      readFileSync(String(one['record-file']), 'utf8'),
    )
    return record.settings.map(({ name }) => name)
  })
  expect(settings).toEqual([[], ['new_Mailbox'], ['new_Level']])
})

test('the given order can be kept', async () => {
  const { code, log } = await act({
    'solution-file': 'broken/c.zip\n# the base\nbroken/a.zip',
    'solution-order': 'given',
  })
  expect(code).toBe(0)
  expect(log).toContain('in this order: Third, First.')
})

test('a circle is an error that shows it, before anything is asked', async () => {
  const result = await act({ 'solution-file': 'circle/*.zip' })
  expect(result.code).toBe(1)
  expect(errorOf(result)).toContain(
    "in a circle, so none of them can be the first: 'A' needs 'B' (Table new_b), 'B' needs 'C' (Table new_c), 'C' needs 'A' (Table new_a).",
  )
  expect(result.requests).toEqual([])
})

test('the first that fails ends the run, which says what is there and what was not begun', async () => {
  const environmentName = await freshEnvironment()
  const result = await act({ 'solution-file': 'broken/*.zip' }, { environmentName })
  expect(result.code).toBe(1)
  expect(errorOf(result)).toMatch(
    /^Second: [^]*Install Nowhere ≥ 2\.0\.0\.0[^]*Imported before it, and still there: First 1\.0\.0\.0\.\nNot begun: Third 1\.0\.0\.0\./,
  )
  expect(result.outputs).toMatchObject({ changed: 'true', findings: expect.stringMatching(/^[1-9]/) })
  expect(solutionsOf(result.outputs).map((one) => one['solution-name'])).toEqual(['First', 'Second'])
  expect(result.summary).toMatch(/### ❌ Stopped at 'Second'; 1 of 3 solutions came before it/)
  expect(result.summary).toContain('| Third | 1.0.0.0 | not begun |')
  expect(await jobsOf(environmentName)).toHaveLength(1)
})

test('a run that is sent again goes on where the one before stopped', async () => {
  const environmentName = await freshEnvironment()
  await act({ 'solution-file': 'broken/a.zip' }, { environmentName })
  const { code, outputs, requests } = await act(
    { 'solution-file': 'broken/a.zip\nbroken/c.zip', 'if-same-version': 'skip' },
    { environmentName },
  )
  expect(code).toBe(0)
  expect(imported(requests)).toBe(1)
  expect(solutionsOf(outputs).map((one) => one['decision'])).toEqual(['skip', 'install'])
  expect(outputs['import-status']).toBeUndefined()
})

test('a check looks at all of them, and counts on what comes before', async () => {
  const environmentName = await freshEnvironment()
  const good = await act({ 'solution-file': CHAIN, mode: 'check' }, { environmentName })
  expect(errorOf(good)).toBe('')
  expect(good.code).toBe(0)
  expect(good.log).toContain("Missing now, and brought by 'Core' before it: 1 component.")
  expect(good.summary).toContain('### 🔎 Check only: nothing was changed. 3 solutions can be imported')
  const bad = await act({ 'solution-file': 'broken/*.zip', mode: 'check' }, { environmentName })
  expect(bad.code).toBe(1)
  expect(solutionsOf(bad.outputs)).toHaveLength(3)
  expect(errorOf(bad)).toContain('Second: ')
  expect(errorOf(bad)).not.toContain('Not begun')
  expect(await jobsOf(environmentName)).toEqual([])
})

test('the archive of the version before is found for each of them', async () => {
  const environmentName = await freshEnvironment()
  const more = { environmentName }
  const table = { tables: { new_a: ['new_x', 'new_y'] } }
  await write('old', { 'a.zip': { uniqueName: 'A', ...table }, 'b.zip': { uniqueName: 'B' } })
  await write('new', {
    'a.zip': { uniqueName: 'A', version: '1.1.0.0', tables: { new_a: ['new_x'] } },
    'b.zip': { uniqueName: 'B', version: '1.1.0.0' },
  })
  await act({ 'solution-file': 'old/*.zip' }, more)
  const { code, outputs } = await act(
    {
      'solution-file': 'new/*.zip',
      'previous-solution-file': 'old/*.zip',
      'allow-data-deletion': 'true',
    },
    more,
  )
  expect(code).toBe(0)
  expect(solutionsOf(outputs)).toMatchObject([
    { decision: 'upgrade', 'removed-components': 1 },
    { decision: 'update' },
  ])
})

test.each([
  [{ 'solution-file': 'twice/*.zip' }, /names the solution 'same' twice: .*a\.zip and .*a_managed\.zip/],
  [{ 'solution-file': 'none/*.zip' }, /'solution-file' none\/\*\.zip names no file below/],
  [{ 'solution-file': CHAIN, 'solution-name': 'Core' }, /names 3 archives, but 'solution-name' is for one/],
  [{ 'solution-file': CHAIN, mode: 'settings' }, /names 3 archives, but mode 'settings' is for one/],
])('%j is refused before anything is asked', async (inputs: Readonly<Record<string, string>>, message) => {
  const result = await act(inputs)
  expect(result.code).toBe(1)
  expect(errorOf(result)).toMatch(message)
  expect(result.requests).toEqual([])
})

test('brackets in the name of a file are no pattern', async () => {
  const { code, outputs } = await act({ 'solution-file': 'chain/orders [2].zip' })
  expect(code).toBe(0)
  expect(outputs).toMatchObject({ 'solution-name': 'Other', decision: 'install' })
})
