import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { componentTypeName } from '@dsa/solution-package'
import { errorText } from '@dsa/user-error'
import { missingSuppliers } from '../look/missing-dependencies.ts'
import { layerName } from '../prepare/layers.ts'
import type { Session } from '../session.ts'
import type { Ending, Headline } from './headline.ts'
import type { ImportReport } from './import-report.ts'
import { sourceOf } from './source.ts'
import type { RunSource } from './source.ts'
import { uncheckedOf } from './summary.ts'

/**
 * The evidence of a run as JSON. `docs/record.md` describes it; a change that breaks readers raises `schema`. Values of
 * settings and connections are no part of it.
 */
interface ImportRecord {
  readonly schema: 'dataverse-import-record/1'
  readonly ending: Ending
  /** The heading of the summary. */
  readonly title: string
  /** Why the run ended without success; null when it succeeded. */
  readonly error: string | null
  readonly mode: string
  /** ISO 8601, UTC. */
  readonly startedOn: string
  readonly endedOn: string
  readonly environment: {
    readonly url: string
    readonly name: string | null
    readonly kind: string | null
    readonly dataverseVersion: string | null
  }
  readonly solution: {
    readonly uniqueName: string
    readonly previousVersion: string | null
    readonly version: string | null
  }
  readonly archive: {
    readonly file: string
    readonly version: string
    readonly managed: boolean
    readonly bytes: number
    readonly sha256: string
  } | null
  readonly decision: { readonly action: string; readonly because: string } | null
  readonly source: RunSource
  readonly asyncOperationId: string | null
  readonly importJobId: string | null
  readonly settings: readonly { readonly kind: string; readonly name: string; readonly from: string }[]
  readonly connectionReferences: readonly {
    readonly name: string
    readonly connectorId: string
    readonly connection: 'set' | 'reused' | 'kept' | 'missing'
  }[]
  readonly flows: readonly {
    readonly id: string
    readonly name: string
    readonly state: 'on' | 'off' | 'suspended'
    readonly reason: string
  }[]
  readonly processesOff: readonly string[]
  /** True when what `removed` lists is gone; false when it would go. */
  readonly isRemoved: boolean
  readonly removed: readonly {
    readonly kind: string
    readonly name: string
    readonly holdsData: boolean
    /** Of a table; null when it is not known. */
    readonly rows: number | null
  }[]
  readonly layers: readonly string[]
  readonly overwritten: readonly string[]
  readonly missing: readonly {
    readonly solution: string
    readonly version: string
    readonly neededBy: number
  }[]
  readonly findings: readonly { readonly level: 'error' | 'warning'; readonly text: string }[]
  readonly warnings: readonly string[]
  readonly notChecked: readonly string[]
}

function recordOf(
  report: ImportReport,
  { ending, title }: Headline,
  source: RunSource,
  endedMs: number,
): ImportRecord {
  const { archive, environment, target, decision, activation, error, outcome } = report
  const missing = outcome?.record.missingDependencies ?? []
  return {
    schema: 'dataverse-import-record/1',
    ending,
    title,
    error: error === undefined ? null : error instanceof Error ? error.message : 'unknown',
    mode: report.mode,
    startedOn: new Date(report.startedMs).toISOString(),
    endedOn: new Date(endedMs).toISOString(),
    environment: {
      url: report.environmentUrl,
      name: environment?.organization.friendlyName || null,
      kind: environment?.kind ?? null,
      dataverseVersion: environment?.organization.version ?? null,
    },
    solution: {
      uniqueName: report.solutionName,
      previousVersion: report.promoted?.from ?? target?.installed?.version ?? null,
      version: report.version ?? null,
    },
    archive:
      archive === undefined
        ? null
        : {
            file: basename(archive.path),
            version: archive.version,
            managed: archive.managed,
            bytes: archive.bytes.length,
            sha256: archive.sha256,
          },
    decision: decision === undefined ? null : { action: decision.action, because: decision.because },
    source,
    asyncOperationId: report.asyncOperationId ?? null,
    importJobId: report.importJobId ?? null,
    settings: report.settings ?? [],
    connectionReferences: report.references ?? [],
    flows: (activation?.flows ?? []).map(({ flow, reason }) => ({
      id: flow.id,
      name: flow.name,
      state: flow.isOn ? 'on' : flow.isSuspended ? 'suspended' : 'off',
      reason,
    })),
    processesOff: activation?.othersOff ?? [],
    isRemoved: outcome?.status === 'succeeded' && decision?.action !== 'stage',
    removed: (report.removals?.removed ?? []).map((one) => ({
      kind: one.kind,
      name: one.name,
      holdsData: one.data !== undefined,
      rows: one.rows ?? null,
    })),
    layers: (report.layers ?? []).map(layerName),
    overwritten: (report.overwritten?.changed ?? []).map(
      ({ type, name }) => `${componentTypeName(type)} ${name}`,
    ),
    missing: missingSuppliers(missing.length > 0 ? missing : (report.missing ?? [])).map(
      ({ solution, version, neededBy }) => ({ solution, version, neededBy }),
    ),
    findings: [...(report.findings ?? []), ...(report.surroundings ?? [])].map(({ level, text }) => ({
      level,
      text,
    })),
    warnings: outcome?.verdict?.warnings ?? [],
    notChecked: uncheckedOf(report),
  }
}

/** Writes the record and uploads it where it was asked for. A record that cannot be kept hides no result. */
export async function keepRecord(
  { deps, inputs }: Pick<Session, 'deps' | 'inputs'>,
  report: ImportReport,
  headline: Headline,
): Promise<void> {
  const record = recordOf(report, headline, sourceOf(deps.environment), deps.clock())
  const file = join(deps.environment['RUNNER_TEMP'] ?? tmpdir(), `import-record-${randomUUID()}.json`)
  try {
    await writeFile(file, `${JSON.stringify(record, undefined, 2)}\n`, { flag: 'wx' })
    deps.setOutput('record-file', file)
    // A cancelled step has a second left, which the upload would use up.
    if (inputs.recordArtifactName === undefined || deps.signal.aborted) return
    await deps.artifacts.upload(inputs.recordArtifactName, [file], dirname(file))
  } catch (error) {
    deps.log.warning(`The record of the import could not be kept: ${errorText(error)}`)
  }
}
