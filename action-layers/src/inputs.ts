import { booleanInput, InputError, linesInput, optionalInput, optionalNameInput } from '@dsa/action-kit'
import { componentLine, type NamedComponent, type QueueInputs, queueInputs } from '@dsa/connected-action'

export interface Inputs extends QueueInputs {
  /** The whole environment when it is left out. */
  readonly solutionName: string | undefined
  readonly remove: 'all' | readonly NamedComponent[]
  readonly failIfFound: boolean
  readonly reportFile: string | undefined
  readonly markdownFile: string | undefined
  readonly workingDirectory: string | undefined
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const connection = queueInputs()
  const lines = linesInput('remove')
  const isAll = lines.length === 1 && lines[0]?.toLowerCase() === 'all'
  const solutionName = optionalNameInput('solution-name')
  if (isAll && solutionName === undefined) {
    throw new InputError(
      "'remove: all' needs 'solution-name': it would take everything that was ever changed by hand out of the whole environment.",
    )
  }
  return {
    ...connection,
    solutionName,
    remove: isAll ? 'all' : lines.map((line) => componentLine('remove', line)),
    failIfFound: booleanInput('fail-if-found'),
    reportFile: optionalInput('report-file'),
    markdownFile: optionalInput('markdown-file'),
    workingDirectory: optionalInput('working-directory'),
  }
}
