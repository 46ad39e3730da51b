import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { EOL } from 'node:os'

/**
 * The runner's side of a step: commands on the standard output and in files, as GitHub documents them under "Workflow
 * commands for GitHub Actions". `@actions/core` writes the same, but brings an HTTP client along that takes longer to
 * load than all of an action; it is loaded only where a request is made (see `oidc.ts`).
 */
export type CommandName = 'debug' | 'notice' | 'warning' | 'error' | 'group' | 'endgroup' | 'add-mask'

export function writeCommand(
  name: CommandName,
  message: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
): void {
  const given = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  const list = given.length === 0 ? '' : ` ${given.join(',')}`
  process.stdout.write(`::${name}${list}::${escapeData(message)}${EOL}`)
}

/** Ordinary text. What comes from outside, such as a file name, must not be taken for a command of ours. */
export function writeText(text: string): void {
  const lines = text.split('\n').map((line) => line.replace(/^(?=\s*::)/, '| ').replaceAll('##[', '## ['))
  process.stdout.write(`${lines.join('\n')}${EOL}`)
}

/** @returns false where there is no such file, as outside of a workflow */
export function appendToRunnerFile(variable: 'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', text: string): boolean {
  const file = process.env[variable]
  if (file === undefined || file === '') return false
  appendFileSync(file, text)
  return true
}

/** A value of any number of lines; the delimiter cannot be guessed, so a value cannot end its own block. */
export function keyValueBlock(name: string, value: string): string {
  const delimiter = `delimiter_${randomUUID()}`
  return [`${name}<<${delimiter}`, value, delimiter, ''].join(EOL)
}

/** True when somebody re-ran the workflow with debug logging. */
export const isDebug = (): boolean => process.env['RUNNER_DEBUG'] === '1'

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
