import type { ActionDeps } from '@dsa/action-kit'
import { openZip } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'

/** One import, as action-import told it: docs/record.md. */
export interface Deployment {
  readonly environment: string
  /** Unique name; empty where the run ended before it was read. */
  readonly solution: string
  /** Version that the environment had; empty for none. */
  readonly before: string
  readonly version: string
  readonly ending: string
  readonly decision: string
  readonly url: string
  readonly error: string
  /** As an ISO time. */
  readonly startedOn: string
}

const SCHEMA = 'dataverse-import-record/1'

/** A record lists flows, components and findings; more than that is no record. */
const MAX_BYTES = 64 * 1024 ** 2

/** The records that a run kept of an environment, in the order of the imports: one, or one of each solution. */
export async function deploymentsTo(
  environment: string,
  prefix: string,
  all: readonly string[],
  names: readonly string[],
  { artifacts }: ActionDeps,
): Promise<readonly Deployment[]> {
  const deployments: Deployment[] = []
  for (const name of names.filter((one) => isOf(environment, one, prefix, all))) {
    const { bytes } = await artifacts.read(name, MAX_BYTES)
    for (const entry of openZip(bytes, { label: `The artifact '${name}'` }))
      if (entry.name.endsWith('.json')) deployments.push(readRecord(environment, name, entry.read()))
  }
  return deployments.toSorted((a, b) => (a.startedOn < b.startedOn ? -1 : 1))
}

/** Where 'eu' and 'eu-west' are both environments, what begins with the longer name is of that one. */
function isOf(environment: string, artifact: string, prefix: string, all: readonly string[]): boolean {
  const owner = all
    .filter((one) => artifact === `${prefix}${one}` || artifact.startsWith(`${prefix}${one}-`))
    .toSorted((a, b) => b.length - a.length)[0]
  return owner === environment
}

function readRecord(environment: string, artifact: string, bytes: Uint8Array): Deployment {
  const record = parse(new TextDecoder().decode(bytes))
  if (member(record, 'schema') !== SCHEMA)
    throw new UserError(
      `The artifact '${artifact}' holds no record of an import that this version reads (${SCHEMA}). Are action-deploy and this action of one version?`,
    )
  return {
    environment,
    solution: text(member(member(record, 'solution'), 'uniqueName')),
    before: text(member(member(record, 'solution'), 'previousVersion')),
    version: text(
      member(member(record, 'solution'), 'version') ?? member(member(record, 'archive'), 'version'),
    ),
    ending: text(member(record, 'ending')),
    decision: text(member(member(record, 'decision'), 'action')),
    url: text(member(member(record, 'environment'), 'url')),
    error: text(member(record, 'error')),
    startedOn: text(member(record, 'startedOn')),
  }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) ?? undefined) : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
