import {
  bindConnection,
  listConnectionReferences,
  listEnvironmentVariables,
  setEnvironmentVariable,
} from '@dsa/dataverse-client'
import type { Session } from '../session.ts'

/**
 * Reads the settings back after an import and writes those that it did not take over: a value that silently stays the
 * old one is found in production, by users.
 */
export async function verifySettings({ client, deps, settings }: Session): Promise<void> {
  const { environmentVariables, connectionReferences } = settings
  const variables = await listEnvironmentVariables(
    client,
    environmentVariables.map(({ schemaName }) => schemaName),
  )
  for (const { schemaName, value } of environmentVariables) {
    const now = variables.find((one) => one.schemaName.toLowerCase() === schemaName.toLowerCase())
    if (now === undefined || now.value?.text === value) continue
    deps.log.notice(`The import did not set '${schemaName}'; setting it now.`)
    await setEnvironmentVariable(client, now, value)
  }
  const references = await listConnectionReferences(
    client,
    connectionReferences.map(({ logicalName }) => logicalName),
  )
  for (const { logicalName, connectionId } of connectionReferences) {
    const now = references.find((one) => one.logicalName.toLowerCase() === logicalName.toLowerCase())
    if (now === undefined || now.connectionId === connectionId) continue
    deps.log.notice(`The import did not bind '${logicalName}'; binding it now.`)
    await bindConnection(client, now, connectionId)
  }
}
