import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  makeArchive,
  type SolutionSketch,
} from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import type { ConnectedDeps } from '@dsa/connected-action'
import { type Emulated, emulate, type EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { readWith } from '../../tests/support/inputs-read.ts'
import { type Recorded, recordedDeps } from '../../tests/support/recorded-deps.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const READER = '5a6b7c8d-0000-4000-8000-000000000001'
const SECRET = 'the-secret-of-a-reader-that-is-long-enough'

let emulated: Emulated
beforeAll(async () => {
  emulated = await emulate({
    securityRoles: { Reader: ['prvRead*'] },
    clients: [{ appId: READER, name: 'Reader', secret: SECRET, roles: ['Reader'] }],
  })
  emulated.emulator.clock.stop()
})
afterAll(() => emulated.close())

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'export-'))
})
afterEach(() => rmSync(root, { recursive: true }))

interface Exported extends Recorded {
  readonly environment: EmulatedEnvironment
  readonly error: string
}

const plain: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.4.0.0',
  variables: { new_Url: 'https://x.example' },
}

/** Exports `plain` from an environment of its own, unless other inputs are given. */
async function exported(
  given: Readonly<Record<string, string>> = {},
  {
    solution = plain,
    prepare,
    deps: more,
  }: {
    solution?: SolutionSketch
    prepare?: (environment: EmulatedEnvironment) => void
    deps?: (recorded: Recorded) => Partial<ConnectedDeps>
  } = {},
): Promise<Exported> {
  const environment = await emulated.environment(solution)
  prepare?.(environment)
  const recorded = recordedDeps(root, emulated.emulator.clock)
  const least = { 'solution-name': 'Orders', 'solution-output-file': 'out/Orders.zip' }
  try {
    const { inputs } = readWith('action-export', readInputs, {
      ...environment.connection,
      ...least,
      ...given,
    })
    const outputs = await run(Object(inputs), {
      ...recorded.deps,
      fetch: emulated.http.fetch,
      ...more?.(recorded),
    })
    return { ...recorded, environment, error: '', outputs: { ...recorded.outputs, ...outputs } }
  } catch (error) {
    return { ...recorded, environment, error: error instanceof Error ? error.message : String(error) }
  }
}

function startedExports({ environment }: Exported): readonly unknown[] {
  return environment
    .requests()
    .filter(({ path }) => path === 'ExportSolutionAsync')
    .map(({ body }) => body)
}

function said({ lines }: Exported, level: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${level}: `))
}

test('exports the unmanaged archive as the environment made it, and says what it is', async () => {
  const result = await exported()
  expect(result.error).toBe('')
  expect(startedExports(result)).toEqual([{ SolutionName: 'Orders', Managed: false }])
  const file = join(root, 'out/Orders.zip')
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK')
  expect(result.outputs).toMatchObject({
    'solution-file': file,
    size: readFileSync(file).length,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    'solution-type': 'Unmanaged',
    'unique-name': 'Orders',
    'solution-version': '1.4.0.0',
    'previous-version': '1.4.0.0',
    'managed-solution-file': undefined,
    'artifact-id': undefined,
    'current-values': 0,
  })
  expect(result.summary[0]).toMatch(/^# Exported Orders 1\.4\.0\.0 from /)
  expect(said(result, 'notice')).toEqual([expect.stringContaining("'publish-all'")])
})

const flags = [
  ['export-auto-numbering-settings', 'ExportAutoNumberingSettings'],
  ['export-calendar-settings', 'ExportCalendarSettings'],
  ['export-customization-settings', 'ExportCustomizationSettings'],
  ['export-email-tracking-settings', 'ExportEmailTrackingSettings'],
  ['export-external-applications-settings', 'ExportExternalApplications'],
  ['export-general-settings', 'ExportGeneralSettings'],
  ['export-isv-config', 'ExportIsvConfig'],
  ['export-marketing-settings', 'ExportMarketingSettings'],
  ['export-outlook-synchronization-settings', 'ExportOutlookSynchronizationSettings'],
  ['export-relationship-roles', 'ExportRelationshipRoles'],
  ['export-sales', 'ExportSales'],
] as const

test.each(flags)('%s sends %s', async (input, parameter) => {
  expect(startedExports(await exported({ [input]: 'TRUE' }))).toEqual([
    { SolutionName: 'Orders', Managed: false, [parameter]: true },
  ])
})

describe('the official inputs', () => {
  test('managed', async () => {
    const result = await exported({ managed: 'True' })
    expect(startedExports(result)).toEqual([{ SolutionName: 'Orders', Managed: true }])
    expect(existsSync(join(root, 'out/Orders.zip'))).toBe(true)
    expect(said(result, 'notice')).toEqual([expect.stringContaining('Keep the unmanaged one')])
  })

  test('solution-name, in the spelling of the environment', async () => {
    const result = await exported({ 'solution-name': 'orders' })
    expect(startedExports(result)).toEqual([{ SolutionName: 'Orders', Managed: false }])
    expect(result.outputs['unique-name']).toBe('Orders')
  })

  test('solution-output-file, with either slash', async () => {
    const result = await exported({ 'solution-output-file': String.raw`a\b/c.zip` })
    expect(result.outputs['solution-file']).toBe(join(root, 'a/b/c.zip'))
    expect(existsSync(join(root, 'a/b/c.zip'))).toBe(true)
  })

  test('working-directory', async () => {
    const result = await exported({ 'working-directory': 'sub' })
    expect(result.outputs['solution-file']).toBe(join(root, 'sub/out/Orders.zip'))
  })

  test('overwrite (C41)', async () => {
    writeFileSync(join(root, 'x.zip'), 'old')
    const before = emulated.emulator.requests().length
    const refused = await exported({ 'solution-output-file': 'x.zip' })
    expect(refused.error).toContain(join(root, 'x.zip'))
    expect(refused.error).toContain("'overwrite'")
    expect(emulated.emulator.requests().slice(before)).toEqual([])
    expect(readFileSync(join(root, 'x.zip'), 'utf8')).toBe('old')
    const replaced = await exported({ 'solution-output-file': 'x.zip', overwrite: 'true' })
    expect(replaced.error).toBe('')
    expect(readFileSync(join(root, 'x.zip'), 'latin1')).toMatch(/^PK/)
    mkdirSync(join(root, 'folder'))
    const folder = await exported({ 'solution-output-file': 'folder/' })
    expect(folder.error).toContain('it is a folder. Give the name of a file.')
  })

  test('max-async-wait-time, in minutes (C23)', async () => {
    const before = emulated.emulator.clock.now()
    const result = await exported(
      { 'max-async-wait-time': '3' },
      {
        prepare: ({ name }) =>
          emulated.emulator.faults([{ job: 'ExportSolutionAsync', environment: name, seconds: 100_000 }]),
      },
    )
    expect(result.error).toMatch(/still|3 minutes/)
    const waited = emulated.emulator.clock.now() - before
    expect(waited).toBeGreaterThanOrEqual(3 * 60_000)
    expect(waited).toBeLessThan(4 * 60_000)
    // A person sees that it goes on, and does not have to scroll.
    const progress = said(result, 'info').filter((line) => line.includes('in progress'))
    expect(progress.length).toBeGreaterThanOrEqual(2)
    expect(progress.length).toBeLessThanOrEqual(4)
    expect(existsSync(join(root, 'out'))).toBe(false)
  })

  test.each([
    ['run-asynchronously', 'true'],
    ['solution-version', '9.9'],
  ])('%s has no effect, which is said once', async (input, value) => {
    const result = await exported({ [input]: value })
    expect(said(result, 'notice').filter((line) => line.includes(`'${input}'`))).toHaveLength(1)
    expect(startedExports(result)).toEqual([{ SolutionName: 'Orders', Managed: false }])
    expect(result.outputs['solution-version']).toBe('1.4.0.0')
  })

  test.each([
    [{ 'environment-url': 'http://contoso.example' }, 'environment-url'],
    [{ 'environment-url': '' }, 'environment-url'],
    [{ cloud: 'Mars' }, 'cloud'],
    [{ 'solution-name': ' ' }, 'solution-name'],
    [{ 'solution-output-file': '' }, 'solution-output-file'],
    [{ managed: 'yes' }, 'managed'],
    [{ overwrite: '1' }, 'overwrite'],
    [{ 'export-sales': 'on' }, 'export-sales'],
    [{ 'max-async-wait-time': '0' }, 'max-async-wait-time'],
    [{ 'solution-type': 'Managd' }, 'solution-type'],
    [{ 'solution-type': 'Both', managed: 'true' }, 'managed'],
    [{ 'solution-type': 'Managed', managed: 'false' }, 'managed'],
    [{ version: '1.2.x' }, 'version'],
    [{ 'client-secret': '', certificate: '', 'app-id': '' }, 'tenant-id'],
    [{ 'user-name': 'a@b.example', 'password-secret': 'a long password' }, 'user-name'],
  ])('%j is refused by name before any request', async (given, name) => {
    const before = emulated.emulator.requests().length
    const result = await exported(given)
    expect(result.error).toMatch(new RegExp(`["']${name}["']`))
    expect(emulated.emulator.requests().slice(before)).toEqual([])
  })
})

describe('both kinds', () => {
  test('lie beside each other, at the same version (C35)', async () => {
    const result = await exported({ 'solution-type': 'Both', 'artifact-name': 'archives' })
    expect(startedExports(result)).toEqual([
      { SolutionName: 'Orders', Managed: false },
      { SolutionName: 'Orders', Managed: true },
    ])
    const files = [join(root, 'out/Orders.zip'), join(root, 'out/Orders_managed.zip')]
    expect(files.map((file) => existsSync(file))).toEqual([true, true])
    expect(result.outputs).toMatchObject({
      'solution-file': files[0],
      'managed-solution-file': files[1],
      'managed-size': readFileSync(files[1] ?? '').length,
      'artifact-id': 1,
    })
    expect(result.uploads).toEqual([['archives', files]])
    expect(said(result, 'warning')).toEqual([])
  })

  test('are not written, neither of them, when one is refused', async () => {
    writeFileSync(join(root, 'x_managed.zip'), 'old')
    const result = await exported({ 'solution-type': 'Both', 'solution-output-file': 'x.zip' })
    expect(result.error).toContain(join(root, 'x_managed.zip'))
    expect(existsSync(join(root, 'x.zip'))).toBe(false)
  })

  test('are told apart when somebody edits between the exports', async () => {
    let exports = 0
    const result = await exported(
      { 'solution-type': 'Both' },
      {
        deps: ({ deps }) => ({
          async fetch(url, init) {
            if (String(url).endsWith('/ExportSolutionAsync') && exports++ === 1)
              await touch(String(url), init?.headers)
            return emulated.http.fetch(url, init)
          },
          log: deps.log,
        }),
      },
    )
    expect(result.error).toBe('')
    expect(said(result, 'warning')).toEqual([expect.stringContaining("'Orders' was changed")])
  })
})

/** Somebody else gives the solution a new description. */
async function touch(exportUrl: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const base = exportUrl.replace(/ExportSolutionAsync$/, '')
  const found = await emulated.http.fetch(
    `${base}solutions?$filter=uniquename eq 'Orders'&$select=solutionid`,
    {
      headers,
    },
  )
  const id = /"solutionid":"([^"]+)"/.exec(await found.text())?.[1]
  await emulated.http.fetch(`${base}solutions(${id})`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json', 'if-match': '*' },
    body: JSON.stringify({ description: 'edited' }),
  })
}

describe('version', () => {
  test.each([
    ['2.0.0.1', '2.0.0.1'],
    ['minor', '1.5.0.0'],
    ['Revision', '1.4.0.1'],
  ])('%s is set before the export: %s (C63, C64)', async (version, expected) => {
    const result = await exported({ version })
    expect(result.error).toBe('')
    const writes = result.environment.requests().filter(({ method }) => method !== 'GET')
    expect(writes[0]).toMatchObject({ method: 'PATCH', body: { version: expected } })
    expect(result.outputs).toMatchObject({ 'solution-version': expected, 'previous-version': '1.4.0.0' })
    expect(readFileSync(join(root, 'out/Orders.zip')).length).toBe(result.outputs['size'])
    expect(result.summary.join('\n')).toContain(`from 1.4.0.0 to ${expected}`)
  })

  test('a failed export names the old one', async () => {
    const result = await exported(
      { version: 'major' },
      {
        prepare: ({ name }) =>
          emulated.emulator.faults([
            {
              job: 'ExportSolutionAsync',
              environment: name,
              code: '0x80048068',
              message: 'A component is broken.',
            },
          ]),
      },
    )
    expect(result.error).toContain('A component is broken.')
    expect(result.error).toContain('it is 2.0.0.0 now and was 1.4.0.0')
    expect(result.outputs).toMatchObject({ 'solution-version': '2.0.0.0', 'previous-version': '1.4.0.0' })
    expect(existsSync(join(root, 'out'))).toBe(false)
  })

  test('one that goes down is a warning', async () => {
    const result = await exported({ version: '1.0.0.0' })
    expect(said(result, 'warning')).toEqual([expect.stringContaining('from 1.4.0.0 to 1.0.0.0')])
  })
})

describe('current values', () => {
  const solution: SolutionSketch = { ...plain, values: { new_Url: 'https://dev.example' } }

  test('are a warning with their names', async () => {
    const result = await exported({}, { solution })
    expect(said(result, 'warning')).toEqual([expect.stringContaining('new_Url')])
    expect(result.outputs['current-values']).toBe(1)
    expect(result.summary).toContain('- new_Url')
  })

  test('are an error on request, and nothing is written (C71)', async () => {
    const result = await exported({ 'current-values': 'fail' }, { solution })
    expect(result.error).toContain('new_Url')
    expect(existsSync(join(root, 'out'))).toBe(false)
  })

  test('are not spoken of on request', async () => {
    const result = await exported({ 'current-values': 'ignore' }, { solution })
    expect(said(result, 'warning')).toEqual([])
  })
})

describe('an archive that is not what was asked for is not written', () => {
  const others: readonly (readonly [string, SolutionSketch, RegExp])[] = [
    ['another solution', { ...plain, uniqueName: 'Invoices' }, /the archive of 'Invoices'/],
    ['managed instead of unmanaged', { ...plain, managed: true }, /it is managed/],
    ['another version', { ...plain, version: '1.3.0.0' }, /it has version 1\.3\.0\.0/],
  ]
  test.each(others)('%s', async (_, sketch, words) => {
    const archive = Buffer.from(await makeArchive(sketch)).toString('base64')
    const result = await exported(
      {},
      {
        prepare: ({ name }) =>
          emulated.emulator.faults([
            {
              fault: 'status',
              environment: name,
              path: 'DownloadSolutionExportData',
              status: 200,
              body: { ExportSolutionFile: archive },
            },
          ]),
      },
    )
    expect(result.error).toMatch(words)
    expect(existsSync(join(root, 'out'))).toBe(false)
  })
})

describe('before the first request', () => {
  test('a file that cannot be written is found', async () => {
    writeFileSync(join(root, 'taken'), '')
    const result = await exported({ 'solution-output-file': 'taken/Orders.zip' })
    expect(result.error).toMatch(
      /taken\/Orders\.zip cannot be written: a file stands where its folder should be/,
    )
    expect(result.environment.requests()).toEqual([])
  })

  test('a folder in the place of the file is found, and nothing is left behind', async () => {
    mkdirSync(join(root, 'Orders.zip'))
    const result = await exported({ 'solution-output-file': 'Orders.zip' })
    expect(result.error).toMatch(/Orders\.zip/)
    expect(result.environment.requests()).toEqual([])
    expect(readdirSync(root)).toEqual(['Orders.zip'])
  })
})

test('without the right to export, user, roles and privilege are named, and the version stays', async () => {
  const result = await exported({ version: 'minor', 'app-id': READER, 'client-secret': SECRET })
  expect(result.error).toMatch(
    /the application user '.*', whose roles are 'Reader', lacks prvExportCustomization \(for every export\), prvWriteSolution \(for 'version'\) \(0x80040220\)\. Give it the role System Customizer or System Administrator/,
  )
  expect(result.environment.requests().filter(({ method }) => method !== 'GET')).toEqual([])
})

test('publish-all publishes before the export', async () => {
  const result = await exported({ 'publish-all': 'true' })
  const actions = result.environment.requests().filter(({ method }) => method === 'POST')
  expect(actions.map(({ path }) => path)).toEqual([
    expect.stringMatching(/^PublishAllXml/),
    'ExportSolutionAsync',
    'DownloadSolutionExportData',
  ])
  expect(said(result, 'notice')).toEqual([])
})

test('a solution that is not there is answered with similar ones', async () => {
  const result = await exported({ 'solution-name': 'Order' })
  expect(result.error).toContain('Order')
  expect(result.error).toContain('Orders')
  expect(startedExports(result)).toEqual([])
})

test('a managed solution is refused, because it cannot be exported', async () => {
  const result = await exported({}, { solution: { ...plain, managed: true } })
  expect(result.error).toContain("'Orders' is managed")
  expect(startedExports(result)).toEqual([])
})

test('a lost answer, a busy server and an expired token change nothing', async () => {
  const result = await exported(
    { 'solution-type': 'Both' },
    {
      prepare: ({ name }) =>
        emulated.emulator.faults([
          { fault: 'reset-after', environment: name, path: 'ExportSolutionAsync' },
          { fault: 'half-answer', environment: name, path: 'DownloadSolutionExportData' },
          {
            fault: 'status',
            status: 429,
            headers: { 'retry-after': '5' },
            environment: name,
            path: 'asyncoperations',
          },
          { fault: 'status', status: 401, environment: name, path: 'solutions?', nth: 2 },
        ]),
    },
  )
  expect(result.error).toBe('')
  expect(existsSync(join(root, 'out/Orders_managed.zip'))).toBe(true)
})

test('a cancelled run stops waiting and writes nothing', async () => {
  const result = await exported(
    {},
    {
      deps: (recorded) => ({
        async sleep(ms, signal) {
          recorded.abort(new Error('The step was cancelled (SIGTERM).'))
          return recorded.deps.sleep(ms, signal)
        },
      }),
    },
  )
  expect(result.error).toContain('cancelled')
  expect(existsSync(join(root, 'out'))).toBe(false)
})
