import { resolvePath } from '@dsa/action-kit'
import { signIn } from '@dsa/connected-action'
import type { ConnectedDeps } from '@dsa/connected-action'
import type { DataverseClient } from '@dsa/dataverse-client'
import type { Archive } from './look/archive.ts'
import { readArchives } from './look/given-archives.ts'
import type { Finding } from './prepare/findings.ts'
import { checkValues } from './settings/check-values.ts'
import type { Inputs } from './inputs.ts'
import { settingsFor } from './settings/settings-for.ts'
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
  /** The archives that the same run brings before this one. */
  readonly before: readonly Archive[]
  /** The folder that relative paths of inputs count from. */
  readonly base: string
}

/** The folder that relative paths count from. */
export function baseOf(inputs: Inputs, deps: ImportDeps): string {
  return inputs.workingDirectory === undefined ? deps.root : resolvePath(deps.root, inputs.workingDirectory)
}

/**
 * Reads the files, then signs in: what is wrong in one is said before any request.
 * @param archives in the order in which they are imported; their variables tell the types of settings
 * @returns a session for each of them; a single one where there is none
 */
export async function openSessions(
  inputs: Inputs,
  deps: ImportDeps,
  archives: readonly Archive[],
): Promise<readonly Session[]> {
  const base = baseOf(inputs, deps)
  const { settingsFile } = inputs
  const given = await readSettings({
    variableLines: inputs.variableLines,
    referenceLines: inputs.referenceLines,
    env: deps.environment,
    file:
      settingsFile === undefined ? undefined : { path: resolvePath(base, settingsFile), input: settingsFile },
  })
  const previous =
    archives.length === 0
      ? []
      : await readArchives(inputs.previousSolutionFiles, base, 'previous-solution-file')
  const wanted: readonly (Archive | undefined)[] = archives.length === 0 ? [undefined] : archives
  const prepared = wanted.map((archive, index) => {
    const types = new Map(archive?.variables.map(({ schemaName, type }) => [schemaName.toLowerCase(), type]))
    const { settings, findings } = checkValues(settingsFor(archive, given, archives), (name) =>
      types.get(name),
    )
    return {
      settings,
      settingFindings: findings,
      previous: archive && previousOf(archive, previous, archives),
      before: archives.slice(0, index),
    }
  })
  const client = await signIn(inputs, deps)
  return prepared.map((own) => ({ inputs, deps, client, base, ...own }))
}

/** Of several archives the one of the same solution; a single one is told of when it is of another. */
function previousOf(
  { name }: Archive,
  previous: readonly Archive[],
  archives: readonly Archive[],
): Archive | undefined {
  const own = previous.find((one) => one.name.toLowerCase() === name.toLowerCase())
  return own ?? (archives.length === 1 ? previous[0] : undefined)
}
