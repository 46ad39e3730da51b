import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Annotation, readAnnotations, readOutputs } from './runner-files.ts'

/** What the runner sees of a step. */
export interface ActionRun {
  /** Exit code; null when the process was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: readonly Annotation[]
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
