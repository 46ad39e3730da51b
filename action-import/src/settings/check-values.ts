import { checkValue } from '@dsa/solution-package'
import type { VariableType } from '@dsa/solution-package'
import type { Finding } from '../prepare/findings.ts'
import type { GivenSettings } from './settings-sources.ts'

/**
 * Checks values against the types of their variables, and gives them the form in which they are stored.
 *
 * @param typeOf the type of a variable by its name in lower case; undefined where it is not known, which is not checked
 */
export function checkValues(
  { environmentVariables, connectionReferences }: GivenSettings,
  typeOf: (schemaName: string) => VariableType | undefined,
): { readonly settings: GivenSettings; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const variables = environmentVariables.map((one) => {
    const type = typeOf(one.schemaName.toLowerCase())
    if (type === undefined) return one
    const { error, warning, value } = checkValue(type, one.value, one.token)
    const text = error ?? warning
    if (text !== undefined) {
      findings.push({
        level: error === undefined ? 'warning' : 'error',
        text: `The environment variable '${one.schemaName}' from ${one.from}: ${text}.`,
      })
    }
    return value === undefined ? one : { ...one, value }
  })
  for (const { logicalName, from, token } of connectionReferences) {
    if (token === undefined) continue
    findings.push({
      level: 'error',
      text: `The connection reference '${logicalName}' from ${from}: nothing replaced '${token}' in its connection id.`,
    })
  }
  return { settings: { environmentVariables: variables, connectionReferences }, findings }
}
