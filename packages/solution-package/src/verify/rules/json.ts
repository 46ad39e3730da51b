import { jsonProblem } from '../../json-problem.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'
import { conflictLine } from './merge-conflicts.ts'

/** Files that an environment reads as JSON: definitions of flows and connectors, and values of variables. */
const jsonFiles = [
  /^Workflows\/.*\.json$/i,
  /^Connectors\/[^/]*\.json$/i,
  /(?:^|\/)environmentvariablevalues\.json$/i,
  /^EnvironmentVariables\/environment_variable_values\.json$/i,
]

export function* wellFormedJson(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) {
    if (!jsonFiles.some((pattern) => pattern.test(file))) continue
    const bytes = source.read(file)
    const problem = jsonProblem(bytes)
    // A conflict of a merge is another rule's finding.
    if (problem === undefined || conflictLine(bytes) !== undefined) continue
    const { reason, ...place } = problem
    yield { file, message: `This is not JSON: ${reason}. Correct it, or export it again.`, ...place }
  }
}
