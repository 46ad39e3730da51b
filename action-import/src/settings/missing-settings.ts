import { listConnectionReferences, listEnvironmentVariables } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import type { Session } from '../session.ts'
import type { SettingsPlan } from './settings-plan.ts'

/** What an installed solution lacks, when neither the environment nor the settings have it. */
export async function missingSettings(
  { client, settings }: Pick<Session, 'client' | 'settings'>,
  archive: Archive,
): Promise<Pick<SettingsPlan, 'unboundReferences' | 'emptyVariables'>> {
  const given = new Set(
    [
      ...settings.environmentVariables.map(({ schemaName }) => schemaName),
      ...settings.connectionReferences.map(({ logicalName }) => logicalName),
    ].map((name) => name.toLowerCase()),
  )
  const notGiven = (names: readonly string[]): readonly string[] =>
    names.filter((name) => !given.has(name.toLowerCase()))
  const variables = await listEnvironmentVariables(
    client,
    notGiven(archive.variables.map(({ schemaName }) => schemaName)),
  )
  const references = await listConnectionReferences(client, notGiven(archive.connectionReferences))
  return {
    emptyVariables: variables
      .filter(({ value, defaultValue }) => value === undefined && !defaultValue)
      .map(({ schemaName }) => schemaName),
    unboundReferences: references
      .filter(({ connectionId }) => connectionId === '')
      .map(({ logicalName }) => logicalName),
  }
}
