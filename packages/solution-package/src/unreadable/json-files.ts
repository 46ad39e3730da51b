import { variableValues } from '../model/variable-values.ts'
import { jsonFault, type Place } from '../settings/json-fault.ts'

/** Files that an environment reads as JSON, beside the values of variables: flows, connectors, agents. */
const JSON_FILES = [
  /^Workflows\/.*\.json$/i,
  /^Connectors\/[^/]*\.json$/i,
  /^bots\/[^/]*\/configuration\.json$/i,
]

export function isJsonFile(path: string): boolean {
  return JSON_FILES.some((pattern) => pattern.test(path)) || variableValues(path) !== undefined
}

/** Why a file is no JSON; undefined when it is. A byte order mark before JSON is accepted. */
export function jsonProblem(bytes: Uint8Array): ({ readonly message: string } & Partial<Place>) | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return {
      message: 'Its bytes are no UTF-8, in which JSON is written. Save it as UTF-8, or export it again.',
    }
  }
  try {
    JSON.parse(text)
    return undefined
  } catch {
    const message = 'It is no JSON from here on. Correct it, or export it again.'
    return { message, ...jsonFault(text) }
  }
}
