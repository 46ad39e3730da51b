import { conflictLine } from '../../merge-conflict.ts'
import { variableValues } from '../../model/variable-values.ts'
import { jsonFault } from '../../settings/json-fault.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'
import { isLfsPointer } from './lfs-pointers.ts'

/** Files that an environment reads as JSON, beside the values of variables: flows, connectors, agents. */
const jsonFiles = [
  /^Workflows\/.*\.json$/i,
  /^Connectors\/[^/]*\.json$/i,
  /^bots\/[^/]*\/configuration\.json$/i,
]

export function* wellFormedJson(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) {
    if (!jsonFiles.some((pattern) => pattern.test(file)) && variableValues(file) === undefined) continue
    const bytes = source.read(file)
    const problem = problemOf(bytes)
    // A conflict of a merge and a pointer of Git LFS are other rules' findings.
    if (problem !== undefined && conflictLine(bytes) === undefined && !isLfsPointer(bytes))
      yield { file, ...problem }
  }
}

/** A byte order mark before JSON is accepted. */
function problemOf(bytes: Uint8Array): Omit<Problem, 'file'> | undefined {
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
