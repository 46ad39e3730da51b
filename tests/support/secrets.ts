import type { StepResult } from './run-action.ts'
import { commandOf, runnerLines } from './runner-commands.ts'

/** An access token, or the assertion of an application. */
const jwt = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/g

/** All that a step leaves behind, without the commands by which it tells the runner what to mask. */
export function leftBehind({ log, outputFile, summary }: StepResult): string {
  return [log, outputFile, summary].join('\n')
}

/**
 * The log as the runner shows it: commands are obeyed as it does, so what was to be masked until a line is hidden in
 * that line, and nothing is obeyed any more once somebody has stopped commands.
 */
export function shownLog({ stdout }: Pick<StepResult, 'stdout'>): string {
  const masks: string[] = []
  let stoppedBy: string | undefined
  return runnerLines(stdout)
    .flatMap((line) => {
      const command = commandOf(line)
      if (command?.name === 'stop-commands') stoppedBy = command.data
      if (stoppedBy !== undefined && line.includes(`::${stoppedBy}::`)) stoppedBy = undefined
      if (command?.name !== 'add-mask' || stoppedBy !== undefined) {
        return [masks.reduce((text, secret) => text.replaceAll(secret, '***'), line)]
      }
      masks.push(command.data)
      return []
    })
    .join('\n')
}

/** What of some secrets, in the forms in which libraries quote them, and of any token is in a text. */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [
    ...secret.split('\n').filter((line) => line.length >= 8 && !line.startsWith('-----')),
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ])
  return [...forms.filter((form) => text.includes(form)), ...(text.match(jwt) ?? [])]
}
