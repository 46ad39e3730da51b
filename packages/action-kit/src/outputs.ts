import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendToRunnerFile, keyValueBlock, writeCommand, writeText } from './commands.ts'

/** Kebab-case keys as in `action.yml`; `undefined` sets nothing. */
export type Outputs = Readonly<Record<string, string | number | boolean | undefined>>

/** GitHub refuses outputs of a job above 1 MB. */
const maxOutputBytes = 1_000_000

/** Sets an output at once, so that it is there even when the step fails or is cancelled later. */
export function setOutput(name: string, value: Outputs[string]): void {
  if (value === undefined) return
  const text = String(value)
  if (Buffer.byteLength(text) < maxOutputBytes) {
    write(name, text)
    return
  }
  const file = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `${name}-${randomUUID()}.txt`)
  writeFileSync(file, text)
  write(name, file)
  writeCommand(
    'notice',
    `Output '${name}' is larger than GitHub allows (1 MB). It is the path of a file: ${file}`,
  )
}

function write(name: string, text: string): void {
  if (!appendToRunnerFile('GITHUB_OUTPUT', keyValueBlock(name, text))) writeText(`Output ${name}: ${text}`)
}
