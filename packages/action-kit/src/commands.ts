import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { EOL } from 'node:os'
import { visible } from './visible.ts'

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
  // A mask has to be the secret itself; any other text is for a reader.
  const data = name === 'add-mask' ? message : visible(message).replaceAll('##[', '## [')
  const given = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${escapeProperty(visible(String(value)))}`)
  const list = given.length === 0 ? '' : ` ${given.join(',')}`
  process.stdout.write(`::${name}${list}::${escapeData(data)}${EOL}`)
}

/**
 * Ordinary text, made so that no line of it is a command. The runner (actions/runner 258d6c85) reads lines with .NET's
 * `StreamReader.ReadLine`, which ends them at `\r\n`, `\r` and `\n` (ProcessInvoker.StartReadStream). A line is a command
 * when it starts with `::` after `TrimStart`, which takes away all white space of Unicode, U+0085 and U+00A0 too
 * (ActionCommand.TryParseV2), or when `##[` stands anywhere in it (TryParse). Both compare by culture, which does not see
 * characters without width. So all that may stand in front counts as nothing here, and a space splits `##[`.
 */
function withoutCommands(text: string): string {
  return visible(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^(?=[\s\p{White_Space}\p{Cf}\p{Cc}]*::)/u, '| ').replaceAll('##[', '## ['))
    .join('\n')
}

export function writeText(text: string): void {
  process.stdout.write(`${withoutCommands(text)}${EOL}`)
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
export function isDebug(): boolean {
  return process.env['RUNNER_DEBUG'] === '1'
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
