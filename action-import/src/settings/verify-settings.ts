import {
  bindConnection,
  listConnectionReferences,
  listEnvironmentVariables,
  setEnvironmentVariable,
} from '@dsa/dataverse-client'
import { variableType } from '@dsa/solution-package'
import type { Session } from '../session.ts'
import { checkValues } from './check-values.ts'
import type { AppliedSetting } from './settings-plan.ts'

/**
 * Reads the settings back after an import and writes those that it did not take over: a value that silently stays the
 * old one is found in production, by users.
 * @returns the settings that the environment has now
 */
export async function verifySettings({
  client,
  deps,
  settings,
}: Session): Promise<readonly AppliedSetting[]> {
  const { connectionReferences } = settings
  const applied: AppliedSetting[] = []
  const variables = await listEnvironmentVariables(
    client,
    settings.environmentVariables.map(({ schemaName }) => schemaName),
  )
  const variableOf = (name: string) =>
    variables.find(({ schemaName }) => schemaName.toLowerCase() === name.toLowerCase())
  // In the form in which they were stored, also where only the environment tells the type.
  const { environmentVariables } = checkValues(settings, (name) => {
    const there = variableOf(name)
    return there && variableType(there.type)
  }).settings
  for (const { schemaName, value, from } of environmentVariables) {
    const now = variableOf(schemaName)
    if (now === undefined) continue
    applied.push({ kind: 'environment variable', name: schemaName, from })
    if (now.value?.text === value) continue
    deps.log.notice(`The import did not set '${schemaName}'; setting it now.`)
    await setEnvironmentVariable(client, now, value)
  }
  const references = await listConnectionReferences(
    client,
    connectionReferences.map(({ logicalName }) => logicalName),
  )
  for (const { logicalName, connectionId, from } of connectionReferences) {
    const now = references.find((one) => one.logicalName.toLowerCase() === logicalName.toLowerCase())
    if (now === undefined) continue
    applied.push({ kind: 'connection reference', name: logicalName, from })
    if (now.connectionId === connectionId) continue
    deps.log.notice(`The import did not bind '${logicalName}'; binding it now.`)
    await bindConnection(client, now, connectionId)
  }
  return applied
}
