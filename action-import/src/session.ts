import { resolvePath } from '@dsa/action-kit'
import type { ActionDeps } from '@dsa/action-kit'
import { connect } from '@dsa/dataverse-auth'
import type { DataverseClient, Fetch } from '@dsa/dataverse-client'
import type { DeploymentSettings } from './settings/deployment-settings.ts'
import type { Inputs } from './inputs.ts'
import { readSettings } from './settings/settings-sources.ts'

export type ImportDeps = ActionDeps & {
  readonly fetch: Fetch
  readonly userAgent?: string
  /** Injected by tests. */
  readonly timeoutSignal?: (ms: number) => AbortSignal
}

/** What every mode works with: inputs, the world, the environment, and the settings for it. */
export interface Session {
  readonly inputs: Inputs
  readonly deps: ImportDeps
  readonly client: DataverseClient
  readonly settings: DeploymentSettings
  /** The folder that relative paths of inputs count from. */
  readonly base: string
}

/** The folder that relative paths count from. */
export function baseOf(inputs: Inputs, deps: ImportDeps): string {
  return inputs.workingDirectory === undefined ? deps.root : resolvePath(deps.root, inputs.workingDirectory)
}

/** Reads the settings, then signs in: what is wrong in a file is said before any request. */
export async function openSession(inputs: Inputs, deps: ImportDeps): Promise<Session> {
  const base = baseOf(inputs, deps)
  const settings = await readSettings({
    variableLines: inputs.variableLines,
    referenceLines: inputs.referenceLines,
    env: deps.environment,
    file: inputs.settingsFile === undefined ? undefined : resolvePath(base, inputs.settingsFile),
  })
  const client = await connect(inputs.connection, {
    ...deps,
    maxQueueWaitMs: inputs.maxQueueWaitMinutes * 60_000,
  })
  return { inputs, deps, client, settings, base }
}
