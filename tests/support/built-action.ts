import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the runner sees of a step. */
export interface ActionRun {
  /** Exit code; null when the process was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Messages of `::error::` and its like; `error` has one for the run and those that stand beside files. */
  readonly annotations: readonly {
    readonly level: string
    readonly message: string
    readonly properties: Readonly<Record<string, string>>
  }[]
}

export interface RunOptions {
  /** What relative paths count from. */
  readonly workspace: string
  readonly environment?: Readonly<Record<string, string>>
}

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

/** Starts a built action as the runner does. `pnpm test` builds first. */
export function runBuiltAction(
  action: string,
  inputs: Readonly<Record<string, string>>,
  { workspace, environment = {} }: RunOptions,
): ActionRun {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  const [outputFile, summaryFile] = [join(temp, 'output'), join(temp, 'summary')]
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '')
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, `${action}.js`)], {
      cwd: workspace,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: process.env['PATH'],
        SystemRoot: process.env['SystemRoot'],
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        RUNNER_TEMP: temp,
        ...Object.fromEntries(given),
        ...environment,
      },
    })
    return {
      code: status,
      stdout,
      stderr,
      outputs: readOutputs(readFileSync(outputFile, 'utf8')),
      summary: readFileSync(summaryFile, 'utf8'),
      annotations: readAnnotations(stdout),
    }
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** The runner's file of outputs: `name<<END`, the value, `END`. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name = '', , value = ''] of text.matchAll(/^([^\n]+?)<<(\S+)\r?\n(.*?)\r?\n\2$/gms)) {
    outputs[name] = value
  }
  return outputs
}

function readAnnotations(stdout: string): ActionRun['annotations'] {
  return [...stdout.matchAll(/^::(notice|warning|error)(?: ([^:]*))?::(.*)$/gm)].map(
    ([, level = '', properties = '', message = '']) => ({
      level,
      message: unescape(message),
      properties: Object.fromEntries(
        properties
          .split(',')
          .filter((property) => property !== '')
          .map((property) => [
            property.slice(0, property.indexOf('=')),
            unescape(property.slice(property.indexOf('=') + 1)),
          ]),
      ),
    }),
  )
}

const unescape = (text: string): string =>
  text
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
