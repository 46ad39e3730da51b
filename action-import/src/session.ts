import { resolvePath } from '@dsa/action-kit'
import { signIn } from '@dsa/connected-action'
import type { ConnectedDeps } from '@dsa/connected-action'
import type { DataverseClient } from '@dsa/dataverse-client'
import { readArchive } from './look/archive.ts'
import type { Archive } from './look/archive.ts'
import type { Finding } from './prepare/findings.ts'
import { checkValues } from './settings/check-values.ts'
import type { Inputs } from './inputs.ts'
import { readSettings } from './settings/settings-sources.ts'
import type { GivenSettings } from './settings/settings-sources.ts'

export type ImportDeps = ConnectedDeps

/** What every mode works with: inputs, the world, the environment, and the settings for it. */
export interface Session {
  readonly inputs: Inputs
  readonly deps: ImportDeps
  readonly client: DataverseClient
  readonly settings: GivenSettings
  /** What is wrong with them, as far as the archive tells. */
  readonly settingFindings: readonly Finding[]
  /** The archive of the version that is installed, when it was given. */
  readonly previous: Archive | undefined
  /** The folder that relative paths of inputs count from. */
  readonly base: string
}

/** The folder that relative paths count from. */
export function baseOf(inputs: Inputs, deps: ImportDeps): string {
  return inputs.workingDirectory === undefined ? deps.root : resolvePath(deps.root, inputs.workingDirectory)
}

/**
 * Reads the files, then signs in: what is wrong in one is said before any request.
 * @param archive tells the types of its variables
 */
export async function openSession(
  inputs: Inputs,
  deps: ImportDeps,
  archive: Archive | undefined,
): Promise<Session> {
  const base = baseOf(inputs, deps)
  const { settingsFile } = inputs
  const given = await readSettings({
    variableLines: inputs.variableLines,
    referenceLines: inputs.referenceLines,
    env: deps.environment,
    file:
      settingsFile === undefined ? undefined : { path: resolvePath(base, settingsFile), input: settingsFile },
  })
  const types = new Map(archive?.variables.map(({ schemaName, type }) => [schemaName.toLowerCase(), type]))
  const previous =
    archive === undefined || inputs.previousSolutionFile === undefined
      ? undefined
      : await readArchive(resolvePath(base, inputs.previousSolutionFile), 'previous-solution-file')
  const { settings, findings } = checkValues(given, (name) => types.get(name))
  const client = await signIn(inputs, deps)
  return { inputs, deps, client, settings, settingFindings: findings, previous, base }
}
