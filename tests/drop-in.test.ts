import {
  cpSync,
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
import { readInputs as readClone } from '../action-clone/src/inputs.ts'
import { run as runClone } from '../action-clone/src/run.ts'
import { readInputs as readComponents } from '../action-components/src/inputs.ts'
import { run as runComponents } from '../action-components/src/run.ts'
import { readInputs as readDelete } from '../action-delete/src/inputs.ts'
import { run as runDelete } from '../action-delete/src/run.ts'
import { readInputs as readExport } from '../action-export/src/inputs.ts'
import { run as runExport } from '../action-export/src/run.ts'
import { readInputs as readImport } from '../action-import/src/inputs.ts'
import { run as runImport } from '../action-import/src/run.ts'
import { readInputs as readPack } from '../action-pack/src/inputs.ts'
import { run as runPack } from '../action-pack/src/run.ts'
import { readInputs as readPublish } from '../action-publish/src/inputs.ts'
import { run as runPublish } from '../action-publish/src/run.ts'
import { readInputs as readSetVersion } from '../action-set-version/src/inputs.ts'
import { run as runSetVersion } from '../action-set-version/src/run.ts'
import { readInputs as readUnpack } from '../action-unpack/src/inputs.ts'
import { run as runUnpack } from '../action-unpack/src/run.ts'
import { readInputs as readUpgrade } from '../action-upgrade/src/inputs.ts'
import { run as runUpgrade } from '../action-upgrade/src/run.ts'
import { readInputs as readWhoAmI } from '../action-who-am-i/src/inputs.ts'
import { run as runWhoAmI } from '../action-who-am-i/src/run.ts'
import type { ConnectedDeps } from '../packages/connected-action/src/index.ts'
import { type Fetch, TransportError } from '../packages/dataverse-client/src/index.ts'
import {
  makeArchive,
  type SolutionSketch,
} from '../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { openPackage, openZip } from '../packages/solution-package/src/index.ts'
import { officialInputs } from './contract/official-inputs.ts'
import { root as repository } from './support/actions.ts'
import { emulate, type Emulated, type EmulatedEnvironment } from './support/emulated.ts'
import { readWith } from './support/inputs-read.ts'
import { pluginSource, statedAssembly } from './support/plugin-source.ts'
import { recordedDeps } from './support/recorded-deps.ts'

/**
 * A workflow moves over from an official action by changing `uses:` alone. Each of its inputs is given a value that is not
 * its default, and the effect is seen in requests, files or a notice.
 */

/** What a run was seen to do. */
interface Seen {
  readonly failure: string
  readonly lines: readonly string[]
  readonly outputs: Readonly<Record<string, unknown>>
  /** Addresses and bodies of all requests, also of those that left the machine in vain. */
  readonly sent: readonly { readonly url: string; readonly body: string }[]
  readonly root: string
}

interface Case {
  readonly given: Readonly<Record<string, string>>
  /** Files that are there before, by their path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly effect: (seen: Seen) => void
}

interface Subject {
  /** Reads the inputs, and then runs with them. */
  readonly prepare: (
    given: Readonly<Record<string, string>>,
  ) => (deps: ConnectedDeps) => Promise<Readonly<Record<string, unknown>>>
  /** What is in the environment before. */
  readonly solutions: readonly SolutionSketch[]
  /** Archives that lie in the workspace, by path. */
  readonly archives?: Readonly<Record<string, SolutionSketch>>
  /** Whether the sample's source lies in the workspace, as `solution`. */
  readonly source?: boolean
  /** The inputs that the official action needs. */
  readonly least: Readonly<Record<string, string>>
  /** By the name of the input; those of the connection are the same for all. */
  readonly cases: Readonly<Record<string, Case>>
}

const sample = join(repository, 'samples/orders/solution')
const other = '0a11ce00-0000-4000-8000-00000000000a'
const secret = 'a-secret-that-is-long-enough-0001'
const person = { userName: 'maker@contoso.example', password: 'a long pass word 0001' }
const unmanaged: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  tables: { new_order: ['new_name'] },
}
const managed: SolutionSketch = { ...unmanaged, managed: true }
const gear = Object.fromEntries(
  Object.entries(pluginSource).map(([path, content]) => [`gear/${path}`, content]),
)
const withSettings = {
  given: { 'deployment-settings-file': 'settings.json' },
  files: {
    'settings.json':
      '{"EnvironmentVariables":[{"SchemaName":"new_Mailbox","Value":"c@d.example"}],"ConnectionReferences":[]}',
  },
}

function withInputs<Inputs>(
  action: string,
  read: () => Inputs,
  run: (inputs: Inputs, deps: ConnectedDeps) => Promise<Readonly<Record<string, unknown>>>,
): Subject['prepare'] {
  return (given) => {
    const { inputs } = readWith(action, read, given)
    return (deps) => run(inputs, deps)
  }
}

/** The connection inputs, which every action with an environment takes alike. */
const connection: Readonly<Record<string, Case>> = {
  'environment-url': {
    given: { 'environment-url': 'https://make.powerapps.com' },
    effect: ({ failure }) => expect(failure).toContain("'environment-url' is 'https://make.powerapps.com'"),
  },
  'tenant-id': {
    given: { 'tenant-id': '11111111-0000-4000-8000-000000000000' },
    effect: ({ sent }) =>
      expect(sent.some(({ url }) => url.includes('/11111111-0000-4000-8000-'))).toBe(true),
  },
  'app-id': {
    given: { 'app-id': other, 'client-secret': secret },
    effect: ({ sent }) => expect(sent.some(({ body }) => body.includes(`client_id=${other}`))).toBe(true),
  },
  'client-secret': {
    given: { 'app-id': other, 'client-secret': secret },
    effect: ({ sent }) =>
      expect(sent.some(({ body }) => body.includes(`client_secret=${secret}`))).toBe(true),
  },
  'user-name': {
    given: userAlone(),
    effect: ({ sent }) => expect(sent.some(({ body }) => body.includes('username=maker'))).toBe(true),
  },
  'password-secret': {
    given: userAlone(),
    effect: ({ sent }) => expect(sent.some(({ body }) => /password=a(\+|%20)long/.test(body))).toBe(true),
  },
  cloud: {
    given: { cloud: 'UsGovHigh', authority: '' },
    effect: ({ sent }) =>
      expect(sent.some(({ url }) => url.startsWith('https://login.microsoftonline.us/'))).toBe(true),
  },
}

function userAlone(): Readonly<Record<string, string>> {
  return {
    'app-id': '',
    'client-secret': '',
    'tenant-id': '',
    'user-name': person.userName,
    'password-secret': person.password,
  }
}

/** An input that has no effect any more says so. */
function noticed(name: string, value: string): Case {
  return {
    given: { [name]: value },
    effect: ({ failure, lines }) =>
      expect([
        failure,
        lines.filter((line) => line.startsWith(`notice: Input '${name}' has no effect: `)),
      ]).toEqual(['', [expect.any(String)]]),
  }
}

/** The deadline of waiting, in minutes: a job that lasts longer is left with a message. */
const waitsOneMinute: Case = {
  given: { 'max-async-wait-time': '1' },
  effect: ({ failure }) => expect(failure).toContain("still running after 1 minute ('max-async-wait-time')"),
}

/** The name reaches the service, and with another one it is said that there is no such solution. */
function named(input: string): Case {
  return {
    given: { [input]: 'Invoices' },
    effect: ({ failure }) => expect(failure).toContain("There is no solution 'Invoices'"),
  }
}

/** The setting groups of an export, and what each is called in the Web API. */
const SETTINGS = {
  'export-auto-numbering-settings': 'ExportAutoNumberingSettings',
  'export-calendar-settings': 'ExportCalendarSettings',
  'export-customization-settings': 'ExportCustomizationSettings',
  'export-email-tracking-settings': 'ExportEmailTrackingSettings',
  'export-external-applications-settings': 'ExportExternalApplications',
  'export-general-settings': 'ExportGeneralSettings',
  'export-isv-config': 'ExportIsvConfig',
  'export-marketing-settings': 'ExportMarketingSettings',
  'export-outlook-synchronization-settings': 'ExportOutlookSynchronizationSettings',
  'export-relationship-roles': 'ExportRelationshipRoles',
  'export-sales': 'ExportSales',
}

const subjects: Readonly<Record<string, Subject>> = {
  'action-who-am-i': {
    prepare: withInputs('action-who-am-i', readWhoAmI, runWhoAmI),
    solutions: [],
    least: {},
    cases: {},
  },
  'action-upgrade': {
    prepare: withInputs('action-upgrade', readUpgrade, runUpgrade),
    solutions: [managed, { ...managed, uniqueName: 'Orders_Upgrade', version: '1.3.0.0' }],
    least: { 'solution-name': 'Orders' },
    cases: {
      'solution-name': named('solution-name'),
      async: noticed('async', 'true'),
      'max-async-wait-time': waitsOneMinute,
    },
  },
  'action-delete': {
    prepare: withInputs('action-delete', readDelete, runDelete),
    solutions: [unmanaged],
    least: { 'solution-name': 'Orders' },
    cases: { 'solution-name': named('solution-name') },
  },
  'action-export': {
    prepare: withInputs('action-export', readExport, runExport),
    solutions: [unmanaged],
    least: { 'solution-name': 'Orders', 'solution-output-file': 'x.zip' },
    cases: {
      'solution-name': named('solution-name'),
      'solution-version': noticed('solution-version', '2.0'),
      'solution-output-file': writesFile({ 'solution-output-file': 'out/y.zip' }, 'out/y.zip'),
      managed: sendsBody({ managed: 'true' }, /"Managed":true/),
      'working-directory': writesFile({ 'working-directory': 'base' }, 'base/x.zip'),
      'run-asynchronously': noticed('run-asynchronously', 'true'),
      'max-async-wait-time': waitsOneMinute,
      overwrite: { ...writesFile({ overwrite: 'true' }, 'x.zip'), files: { 'x.zip': 'old' } },
      ...Object.fromEntries(
        Object.entries(SETTINGS).map(([input, parameter]) => [
          input,
          sendsBody({ [input]: 'true' }, new RegExp(`"${parameter}":true`)),
        ]),
      ),
    },
  },
  'action-import': {
    prepare: withInputs('action-import', readImport, runImport),
    solutions: [managed],
    archives: {
      'x.zip': { ...managed, version: '1.3.0.0', variables: { new_Mailbox: 'a@b.example' } },
      'same.zip': managed,
      'other.zip': { ...managed, uniqueName: 'Invoices' },
      'base/x.zip': { ...managed, version: '1.4.0.0' },
    },
    least: { 'solution-file': 'x.zip' },
    cases: {
      'solution-file': gives({ 'solution-file': 'other.zip' }, { 'solution-name': 'Invoices' }),
      'activate-plugins': sendsBody({ 'activate-plugins': 'false' }, /"PublishWorkflows":false/),
      'force-overwrite': sendsBody({ 'force-overwrite': 'true' }, /"OverwriteUnmanagedCustomizations":true/),
      'skip-dependency-check': sendsBody(
        { 'skip-dependency-check': 'true' },
        /"SkipProductUpdateDependencies":true/,
      ),
      'import-as-holding': sendsBody({ 'import-as-holding': 'true' }, /"HoldingSolution":true/),
      'stage-and-upgrade': asksFor({ 'stage-and-upgrade': 'true' }, 'StageAndUpgradeAsync'),
      'publish-changes': asksFor({ 'publish-changes': 'true' }, 'PublishAllXml'),
      'working-directory': gives({ 'working-directory': 'base' }, { version: '1.4.0.0' }),
      'run-asynchronously': noticed('run-asynchronously', 'true'),
      // A file that is given counts without it, so what shows is that it asks for one.
      'use-deployment-settings-file': {
        given: { 'use-deployment-settings-file': 'true' },
        effect: ({ failure }) => expect(failure).toContain("'deployment-settings-file' is not given"),
      },
      'deployment-settings-file': {
        ...sendsBody(withSettings.given, /c@d\.example/),
        files: withSettings.files,
      },
      'max-async-wait-time': waitsOneMinute,
      'convert-to-managed': noticed('convert-to-managed', 'true'),
      'skip-lower-version': gives(
        { 'skip-lower-version': 'true', 'solution-file': 'same.zip' },
        { decision: 'skip' },
      ),
    },
  },
  'action-unpack': {
    prepare: withInputs('action-unpack', readUnpack, runUnpack),
    solutions: [],
    archives: {
      'x.zip': { ...unmanaged, webResources: { 'new_/main.js': 'x' } },
      'other.zip': { ...unmanaged, uniqueName: 'Invoices' },
      'managed.zip': managed,
    },
    least: { 'solution-file': 'x.zip', 'solution-folder': 'source' },
    cases: {
      'solution-file': gives({ 'solution-file': 'other.zip' }, { 'unique-name': 'Invoices' }),
      'solution-folder': unpacksTo({ 'solution-folder': 'there' }, 'there'),
      'solution-type': writesText(
        { 'solution-type': 'Managed', 'solution-file': 'managed.zip' },
        'source/Other/Solution.xml',
        '<Managed>1</Managed>',
      ),
      'single-component': {
        given: { 'single-component': 'WebResource' },
        effect: ({ failure, root }) =>
          expect([failure, readdirSync(join(root, 'source'))]).toEqual(['', ['WebResources']]),
      },
      // What is built elsewhere does not come into the folder; what describes it does.
      'map-file': {
        given: { 'map-file': 'map.xml' },
        effect: ({ failure, root }) =>
          expect([failure, readdirSync(join(root, 'source/WebResources/new_'))]).toEqual([
            '',
            ['main.js.data.xml'],
          ]),
        files: { 'map.xml': mapOf('new_/main.js', '../web/main.js'), 'web/main.js': 'built elsewhere' },
      },
      'locale-template': writesText(
        { 'locale-template': '1033' },
        'source/Resources/template_resources.resx',
        '<value>1033</value>',
      ),
      localize: writesText(
        { localize: 'true' },
        'source/Resources/en-US/resources.en-US.resx',
        '<value>1033</value>',
      ),
      'use-lcid': writesText(
        { localize: 'true', 'use-lcid': 'true' },
        'source/Resources/1033/resources.1033.resx',
        '<value>1033</value>',
      ),
      'use-unmanaged-file-for-missing-managed': told({ 'use-unmanaged-file-for-missing-managed': 'true' }),
      'disable-plugin-remap': told({ 'disable-plugin-remap': 'true' }),
      'process-canvas-apps': told({ 'process-canvas-apps': 'true' }),
      'overwrite-files': {
        given: { 'overwrite-files': 'false' },
        files: { 'source/mine.txt': 'x' },
        effect: ({ failure, lines, root }) =>
          expect([failure, existsSync(join(root, 'source/mine.txt')), lines.join()]).toEqual([
            '',
            true,
            expect.stringContaining("'overwrite-files' is false"),
          ]),
      },
    },
  },
  'action-pack': {
    prepare: withInputs('action-pack', readPack, runPack),
    solutions: [],
    source: true,
    least: { 'solution-file': 'x.zip', 'solution-folder': 'solution' },
    cases: {
      'solution-file': writesFile({ 'solution-file': 'out/y.zip' }, 'out/y.zip'),
      'solution-folder': {
        ...gives({ 'solution-folder': 'gear' }, { 'unique-name': 'Gear' }),
        files: gear,
      },
      'solution-type': packs({ 'solution-type': 'Managed' }, 'solution.xml', '<Managed>1</Managed>'),
      'single-component': told({ 'single-component': 'WebResource' }),
      'map-file': {
        ...packs({ 'map-file': 'map.xml' }, /^WebResources\/lin_scripts/, 'built elsewhere'),
        files: {
          'map.xml': mapOf('lin_/scripts/order_form.js', '../web/order_form.js'),
          'web/order_form.js': 'built elsewhere',
        },
      },
      'locale-template': told({ 'locale-template': 'auto' }),
      localize: {
        ...packs({ localize: 'true' }, 'solution.xml', 'description="Renamed orders"'),
        files: {
          'solution/Resources/en-US/resources.en-US.resx':
            '<root><metadata name="Source LCID"><value>1033</value></metadata><data name="15062:LocalizedName,LindenOrders"><value>Renamed orders</value></data></root>',
        },
      },
      'use-lcid': told({ 'use-lcid': 'true' }),
      'use-unmanaged-file-for-missing-managed': told({ 'use-unmanaged-file-for-missing-managed': 'true' }),
      'disable-plugin-remap': {
        ...packs(
          { 'disable-plugin-remap': 'true', 'solution-folder': 'gear' },
          'customizations.xml',
          `AssemblyQualifiedName="Gear.Plugin, ${statedAssembly}"`,
        ),
        files: gear,
      },
      'process-canvas-apps': told({ 'process-canvas-apps': 'true' }),
    },
  },
  'action-components': {
    prepare: withInputs('action-components', readComponents, runComponents),
    solutions: [
      unmanaged,
      { uniqueName: 'Other', tables: { new_extra: ['new_name'] }, webResources: { 'new_/main.js': 'x' } },
    ],
    least: { 'solution-name': 'Orders', component: 'new_/main.js', 'component-type': '61' },
    cases: {
      'solution-name': named('solution-name'),
      component: {
        given: { component: 'new_/other.js' },
        effect: ({ failure }) => expect(failure).toContain("no Web resource 'new_/other.js'"),
      },
      'component-type': sendsBody(
        { component: 'new_extra', 'component-type': '1' },
        /"ComponentType":1,"SolutionUniqueName":"Orders","AddRequiredComponents":false/,
      ),
      'add-required-components': sendsBody(
        { 'add-required-components': 'true' },
        /"AddRequiredComponents":true/,
      ),
    },
  },
  'action-publish': {
    prepare: withInputs('action-publish', readPublish, runPublish),
    solutions: [unmanaged],
    least: {},
    cases: {
      'run-asynchronously': noticed('run-asynchronously', 'true'),
      'max-async-wait-time': waitsOneMinute,
    },
  },
  'action-set-version': {
    prepare: withInputs('action-set-version', readSetVersion, runSetVersion),
    solutions: [unmanaged],
    least: { name: 'Orders', version: '1.9.0.0' },
    cases: {
      name: named('name'),
      version: setsVersion({ version: '4.5.6.7' }, '4.5.6.7'),
      'build-version': setsVersion({ version: '', 'build-version': '44' }, '1.2.44.0'),
      'revision-version': setsVersion({ version: '', 'revision-version': '44' }, '1.2.0.44'),
      'patch-version': setsVersion({ version: '', 'patch-version': '44' }, '1.2.44.0'),
      strategy: setsVersion({ version: '', strategy: 'solution' }, '1.2.0.1'),
      'tracker-file': noticed('tracker-file', 'ControlsStateVersionInfo.csv'),
    },
  },
  'action-clone': {
    prepare: withInputs('action-clone', readClone, runClone),
    solutions: [unmanaged],
    least: { 'solution-name': 'Orders' },
    cases: {
      'solution-name': named('solution-name'),
      'solution-version': noticed('solution-version', '2.0'),
      'target-folder': unpacksTo({ 'target-folder': 'there' }, 'there'),
      'working-directory': unpacksTo({ 'working-directory': 'base' }, 'base/Orders'),
      'run-asynchronously': noticed('run-asynchronously', 'true'),
      'max-async-wait-time': waitsOneMinute,
    },
  },
}

/** A file that is there afterwards, and is an archive. */
function writesFile(given: Readonly<Record<string, string>>, place: string): Case {
  return {
    given,
    effect: ({ failure, root }) =>
      expect([failure, readFileSync(join(root, place), 'latin1').slice(0, 2)]).toEqual(['', 'PK']),
  }
}

/** A file that is there afterwards, with a text in it. */
function writesText(given: Readonly<Record<string, string>>, place: string, text: string): Case {
  return {
    given,
    effect: ({ failure, root }) =>
      expect([failure, existsSync(join(root, place)) && readFileSync(join(root, place), 'utf8')]).toEqual([
        '',
        expect.stringContaining(text),
      ]),
  }
}

/** A part of the archive that is packed, with a text in it. */
function packs(given: Readonly<Record<string, string>>, part: string | RegExp, text: string): Case {
  return {
    given,
    effect({ failure, root }) {
      expect(failure).toBe('')
      const archive = openPackage(openZip(readFileSync(join(root, 'x.zip'))))
      const path = archive.paths.find((name) => (typeof part === 'string' ? name === part : part.test(name)))
      expect(new TextDecoder().decode(archive.read(path ?? ''))).toContain(text)
    },
  }
}

/** What the step puts out. */
function gives(given: Readonly<Record<string, string>>, outputs: Readonly<Record<string, string>>): Case {
  return {
    given,
    effect: (seen) => expect([seen.failure, seen.outputs]).toEqual(['', expect.objectContaining(outputs)]),
  }
}

/** A mapping of one file of the source. */
function mapOf(file: string, to: string): string {
  return `<Mapping><FileToFile map="WebResources/${file}" to="${to}"/></Mapping>`
}

/** A notice that names the input. */
function told(given: Readonly<Record<string, string>>): Case {
  const [input = ''] = Object.keys(given)
  return {
    given,
    effect: ({ failure, lines }) =>
      expect([failure, lines.filter((line) => line.startsWith(`notice: '${input}'`)).length]).toEqual([
        '',
        1,
      ]),
  }
}

/** A message that is sent to the environment. */
function asksFor(given: Readonly<Record<string, string>>, message: string): Case {
  return {
    given,
    effect: ({ failure, sent }) =>
      expect([failure, sent.filter(({ url }) => url.endsWith(`/${message}`)).length]).toEqual(['', 1]),
  }
}

/** The version that reaches the environment. */
function setsVersion(given: Readonly<Record<string, string>>, version: string): Case {
  return {
    given,
    effect: ({ failure, sent }) =>
      expect([failure, sent.filter(({ body }) => body === JSON.stringify({ version }))]).toEqual([
        '',
        [expect.anything()],
      ]),
  }
}

/** A body that reaches the environment. */
function sendsBody(given: Readonly<Record<string, string>>, body: RegExp): Case {
  return {
    given,
    effect: ({ failure, sent }) =>
      expect([failure, sent.filter((request) => body.test(request.body)).length]).toEqual(['', 1]),
  }
}

/** The folder that holds the source afterwards. */
function unpacksTo(given: Readonly<Record<string, string>>, place: string): Case {
  return {
    given,
    effect: ({ failure, root }) =>
      expect([failure, existsSync(join(root, place, 'Other/Solution.xml'))]).toEqual(['', true]),
  }
}

let emulated: Emulated
let folder: string
beforeAll(async () => {
  emulated = await emulate({ users: [person], clients: [{ appId: other, secret }] }, 220)
  emulated.emulator.clock.stop()
  folder = mkdtempSync(join(tmpdir(), 'drop-in-'))
})
afterAll(async () => {
  await emulated.close()
  rmSync(folder, { recursive: true })
})

async function runWith(action: string, { given, files = {} }: Case): Promise<Seen> {
  const { prepare, solutions, least, archives = {}, source } = subjects[action] ?? never(action)
  const { emulator } = emulated
  const environment = await emulated.environment()
  for (const sketch of solutions) {
    emulator.seed(environment.name, { source: 'test', archive: await makeArchive(sketch) })
  }
  // Longer than a minute of the waiting, and shorter than its default.
  emulator.faults(
    ['DeleteAndPromoteAsync', 'ExportSolutionAsync', 'ImportSolutionAsync', 'PublishAllXmlAsync'].map(
      (job) => ({
        job,
        environment: environment.name,
        seconds: 300,
      }),
    ),
  )
  const root = mkdtempSync(join(folder, 'run-'))
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  for (const [path, sketch] of Object.entries(archives)) put(path, await makeArchive(sketch))
  if (source === true) cpSync(sample, join(root, 'solution'), { recursive: true })
  for (const [path, content] of Object.entries(files)) put(path, content)
  const { deps, lines, outputs } = recordedDeps(root, emulator.clock)
  const { fetch, sent } = watched(environment)
  const ended = await Promise.resolve({ ...environment.connection, ...least, ...given })
    .then((inputs) => prepare(inputs)({ ...deps, fetch }))
    .then(
      (returned) => ({ failure: '', returned }),
      (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error), returned: {} }),
    )
  return { failure: ended.failure, lines, outputs: { ...outputs, ...ended.returned }, sent, root }
}

function never(action: string): never {
  throw new Error(`${action} has no row in the table of subjects.`)
}

/** Only this machine is reached; what would leave it is noted, and ends as it does without a network. */
function watched({ url: own }: EmulatedEnvironment): { readonly fetch: Fetch; readonly sent: Seen['sent'] } {
  const sent: { url: string; body: string }[] = []
  const authority = emulated.emulator.ready.authority
  return {
    sent,
    fetch: async (url, init) => {
      sent.push({ url: String(url), body: typeof init?.body === 'string' ? init.body : '' })
      if (String(url).startsWith(own) || String(url).startsWith(authority))
        return emulated.http.fetch(url, init)
      throw new TransportError(`${new URL(String(url)).host} is not on this machine.`, {
        code: 'ENOTFOUND',
        neverSent: true,
      })
    },
  }
}

const rows = Object.entries(subjects).flatMap(([action, { cases }]) =>
  Object.keys(officialInputs[action] ?? {}).map((name) => ({
    action,
    name,
    at: cases[name] ?? connection[name],
  })),
)

test.each(rows)('$action: the official input $name has its effect', async ({ action, name, at }) => {
  if (at === undefined) throw new Error(`'${name}' of ${action} is not tested.`)
  const { given, effect } = at
  const official = officialInputs[action]?.[name]
  if (official !== undefined && 'default' in official) expect(given[name]).not.toBe(official.default)
  effect(await runWith(action, at))
})

const controls = Object.entries(subjects).flatMap(([action, { cases }]) => {
  const all = Object.entries({ ...cases, ...(officialInputs[action]?.['cloud'] && connection) })
  const alone = all.filter(([, { files }]) => files !== undefined).map((one) => [one])
  return [all.filter(([, { files }]) => files === undefined), ...alone].map((some) => ({
    action,
    left: some.length === 1 ? `without '${some[0]?.[0] ?? ''}'` : 'with its defaults',
    some,
  }))
})

test.each(controls)('$action, $left: what its inputs effect is not seen', async ({ action, some }) => {
  const [name, first] = some[0] ?? never(action)
  const { [name]: _, ...others } = first.files === undefined ? {} : first.given
  const seen = await runWith(action, { given: others, files: first.files ?? {}, effect() {} })
  const seenAllTheSame = some.filter(([, { effect }]) => {
    try {
      effect(seen)
      return true
    } catch {
      return false
    }
  })
  expect(seenAllTheSame.map(([input]) => input)).toEqual([])
})
