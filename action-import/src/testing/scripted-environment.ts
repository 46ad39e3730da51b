import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRequest } from '@dsa/dataverse-client'
import { contentTypes, writeZip } from '@dsa/solution-package'
import { type Recorded, recordedDeps } from '../../../tests/support/recorded-deps.ts'
import type { Inputs } from '../inputs.ts'
import type { ImportDeps } from '../session.ts'

/** Test support: an environment that is a table of answers, and the world that an action runs in. */

export interface ArchiveSpec {
  readonly name?: string
  readonly version?: string
  readonly managed?: boolean
  readonly publisher?: string
  readonly roots?: string
  readonly entities?: string
  /** More sections of customizations.xml. */
  readonly sections?: string
  /** The items of MissingDependencies. */
  readonly missing?: string
  /** More files by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

/** The files of environment variables, by schema name with the number of their type. */
export function variableFiles(types: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      `environmentvariabledefinitions/${name}/environmentvariabledefinition.xml`,
      `<environmentvariabledefinition schemaname="${name}"><displayname default="${name}"><label description="${name}" languagecode="1033" /></displayname><introducedversion>1.0.0.0</introducedversion><iscustomizable>1</iscustomizable><isrequired>0</isrequired><secretstore>0</secretstore><type>${type}</type></environmentvariabledefinition>`,
    ]),
  )
}

/** The bytes of a small but real solution archive. */
export async function solutionArchive(spec: ArchiveSpec = {}): Promise<Uint8Array> {
  const {
    name = 'core',
    version = '1.1.0.0',
    managed = true,
    publisher = 'contoso',
    roots = '',
    entities = '',
    sections = '',
    missing = '',
    files = {},
  } = spec
  const solution = `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>${name}</UniqueName><LocalizedNames><LocalizedName description="${name}" languagecode="1033" /></LocalizedNames><Descriptions /><Version>${version}</Version><Managed>${managed ? 1 : 0}</Managed><Publisher><UniqueName>${publisher}</UniqueName><LocalizedNames /><Descriptions /><EMailAddress /><SupportingWebsiteUrl /><CustomizationPrefix>c</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix><Addresses /></Publisher><RootComponents>${roots}</RootComponents><MissingDependencies>${missing}</MissingDependencies></SolutionManifest></ImportExportXml>`
  const customizations = `<ImportExportXml><Entities>${entities}</Entities>${sections}<Languages><Language>1033</Language></Languages></ImportExportXml>`
  const paths = ['solution.xml', 'customizations.xml', ...Object.keys(files)]
  return writeZip([
    { path: 'solution.xml', bytes: Buffer.from(solution) },
    { path: 'customizations.xml', bytes: Buffer.from(customizations) },
    ...Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    { path: '[Content_Types].xml', bytes: contentTypes(paths) },
  ])
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
}

interface Reply {
  readonly status?: number
  readonly json?: unknown
}

const ORIGIN = 'https://prod.crm4.dynamics.com'
export const OPERATION = '00000000-0000-4000-8000-0000000000a1'
export const JOB = '00000000-0000-4000-8000-0000000000b1'

/** Answers of a calm environment; a test puts its own in front. The first whose pattern matches counts. */
const CALM: readonly (readonly [RegExp, (asked: Asked) => Reply])[] = [
  [/^GET WhoAmI/, () => ({ json: { UserId: 'me', BusinessUnitId: 'b', OrganizationId: 'o' } })],
  [
    /^GET RetrieveCurrentOrganization/,
    () => ({
      json: {
        Detail: { FriendlyName: 'Production', OrganizationVersion: '9.2', OrganizationType: 'Customer' },
      },
    }),
  ],
  [/^GET systemusers/, () => ({ json: { systemuserroles_association: [{ name: 'System Administrator' }] } })],
  [
    /^POST StageSolution/,
    () => ({
      json: { StageSolutionResults: { StageSolutionUploadId: 'upload', StageSolutionStatus: 'Passed' } },
    }),
  ],
  [
    /^POST (ImportSolutionAsync|StageAndUpgradeAsync)/,
    () => ({ json: { AsyncOperationId: OPERATION, ImportJobKey: JOB } }),
  ],
  [/^POST DeleteAndPromoteAsync/, () => ({ json: { AsyncOperationId: OPERATION } })],
  [
    /^GET asyncoperations\(/,
    () => ({
      json: { asyncoperationid: OPERATION, statecode: 3, statuscode: 30, createdon: '2026-01-01T00:00:00Z' },
    }),
  ],
  [
    /^GET RetrieveSolutionImportResult/,
    () => ({
      json: { SolutionOperationResult: { Status: 'Passed', WarningMessages: [], ErrorMessages: [] } },
    }),
  ],
  [/^(POST PublishAllXml|PATCH |DELETE )/, () => ({ status: 204 })],
  [/^GET /, () => ({ json: { value: [] } })],
]

export type Answers = readonly (readonly [RegExp, (asked: Asked) => Reply | Error])[]

/** The row of an installed solution. */
export function installedRow(version: string, more: object = {}): object {
  return {
    solutionid: 'installed-id',
    uniquename: 'core',
    friendlyname: 'Core',
    version,
    ismanaged: true,
    publisherid: { uniquename: 'contoso' },
    ...more,
  }
}

export interface World extends Recorded {
  readonly deps: ImportDeps
  readonly asked: Asked[]
  /** Requests that change something or start a job, by their name. */
  readonly writes: () => readonly string[]
}

/** Everything that a run may use, recorded; the clock moves only when somebody sleeps. */
export function world(
  root: string,
  answers: Answers = [],
  environment: Readonly<Record<string, string>> = {},
): World {
  const asked: Asked[] = []
  let now = Date.UTC(2026, 0, 1)
  const recorded = recordedDeps(root, { now: () => now, advance: (ms) => void (now += ms) })
  const deps: ImportDeps = {
    ...recorded.deps,
    environment,
    async fetch(url, init = {}) {
      init.signal?.throwIfAborted()
      const href = String(url)
      const path = decodeURIComponent(href.slice(href.indexOf('/v9.2/') + '/v9.2/'.length))
      const request = { method: init.method ?? 'GET', path, body: textOf(init.body) }
      asked.push(request)
      const [, answer] =
        [...answers, ...CALM].find(([pattern]) => pattern.test(`${request.method} ${path}`)) ?? []
      const reply = answer?.(request) ?? { status: 404 }
      if (reply instanceof Error) throw reply
      const body = reply.json === undefined ? '' : JSON.stringify(reply.json)
      return {
        status: reply.status ?? 200,
        headers: { get: (name) => (name === 'content-type' ? 'application/json' : null) },
        text: async () => body,
        async *chunks() {
          yield Buffer.from(body)
        },
      }
    },
  }
  return {
    ...recorded,
    deps,
    asked,
    writes: () =>
      asked
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.split('(')[0]}`),
  }
}

function textOf(body: HttpRequest['body']): string {
  if (body === undefined) return ''
  if (typeof body === 'string') return body
  return Buffer.concat(body instanceof Uint8Array ? [body] : [...body.chunks()]).toString()
}

/** The inputs of a plain import, with the defaults of action.yml. */
export function inputs(
  change: Partial<Omit<Inputs, 'wishes'>> & { readonly wishes?: Partial<Inputs['wishes']> } = {},
): Inputs {
  return {
    connection: { environmentUrl: ORIGIN, accessToken: 'a-long-access-token', cloud: 'Public' },
    mode: 'auto',
    solutionFiles: ['core.zip'],
    order: 'dependencies',
    solutionName: undefined,
    previousSolutionFiles: [],
    workingDirectory: undefined,
    activatePlugins: true,
    forceOverwrite: false,
    skipDependencyCheck: false,
    allowDataDeletion: false,
    publishChanges: false,
    reportLayers: 'warn',
    flows: 'keep',
    settingsFile: undefined,
    variableLines: [],
    referenceLines: [],
    reuseConnections: false,
    environmentKind: undefined,
    maxWaitMinutes: 60,
    maxQueueWaitMinutes: 60,
    asyncOperationId: undefined,
    logArtifactName: undefined,
    backupArtifactName: undefined,
    recordArtifactName: undefined,
    failOn: [],
    notices: [],
    warnings: [],
    ...change,
    wishes: {
      mode: 'auto',
      ifSameVersion: 'import',
      ifLowerVersion: 'refuse',
      skipLowerVersion: false,
      allowUnmanagedInProduction: false,
      ...change.wishes,
    },
  }
}

/** Runs `work` in a folder with `core.zip`, which is removed afterwards. */
export async function withArchive(spec: ArchiveSpec, work: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'import-'))
  try {
    await writeFile(join(root, 'core.zip'), await solutionArchive(spec))
    await work(root)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}
