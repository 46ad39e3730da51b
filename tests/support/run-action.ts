import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Annotation, readAnnotations, readOutputs } from './runner-files.ts'

/** What the runner has of a step when it has ended. */
export interface StepResult {
  /** Exit code; null when the process was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both, without the commands that tell the runner what to mask. */
  readonly log: string
  /** Exactly what was written to the file of outputs. */
  readonly outputFile: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: readonly Annotation[]
}

export interface StepOptions {
  /** What relative paths count from. */
  readonly workspace: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A step that runs. */
export interface Step {
  /** Resolves as soon as the log holds a text; rejects when the step ends without it. */
  logged(text: string): Promise<void>
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<StepResult>
}

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

/** The built file of an action, such as `export`. `pnpm test` builds first. */
export function builtAction(name: string): string {
  return join(dist, `${name}.js`)
}

/** What the runner prepares for a step, and what it reads when the step has ended. */
interface PreparedStep {
  readonly options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> }
  end(code: number | null, stdout: string, stderr: string): StepResult
}

function prepareStep(
  inputs: Readonly<Record<string, string>>,
  { workspace, environment = {} }: StepOptions,
): PreparedStep {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  const [outputFile, summaryFile] = [join(temp, 'output'), join(temp, 'summary')]
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '')
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  return {
    options: {
      cwd: workspace,
      env: {
        PATH: process.env['PATH'],
        SystemRoot: process.env['SystemRoot'],
        XDG_STATE_HOME: process.env['XDG_STATE_HOME'],
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        RUNNER_TEMP: temp,
        ...Object.fromEntries(given),
        ...environment,
      },
    },
    end(code, stdout, stderr) {
      const outputText = readFileSync(outputFile, 'utf8')
      const summary = readFileSync(summaryFile, 'utf8')
      rmSync(temp, { recursive: true, force: true })
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.startsWith('::add-mask::'))
      return {
        code,
        stdout,
        stderr,
        log: lines.join('\n'),
        outputFile: outputText,
        outputs: readOutputs(outputText),
        summary,
        annotations: readAnnotations(stdout),
      }
    },
  }
}

/**
 * Starts a script as the runner starts an action, without holding up this process: an emulator may live here.
 *
 * @param script path of a JavaScript file
 * @param inputs kebab-case names as in `action.yml`
 */
export function startStep(
  script: string,
  inputs: Readonly<Record<string, string>>,
  options: StepOptions,
): Step {
  const prepared = prepareStep(inputs, options)
  const child = spawn(process.execPath, [script], prepared.options)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<StepResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(prepared.end(code, stdout, stderr)))
  })
  return {
    logged: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => (stdout.includes(text) ? resolve() : undefined)
        look()
        child.stdout.on('data', look)
        child.on('close', () => reject(new Error(`The step ended without "${text}":\n${stdout}${stderr}`)))
      }),
    signal: (name) => void child.kill(name),
    ended,
  }
}

/** Runs a built action to its end. */
export function runAction(
  action: string,
  inputs: Readonly<Record<string, string>>,
  options: StepOptions,
): Promise<StepResult> {
  return startStep(builtAction(action), inputs, options).ended
}

/** The same for an action that needs nothing of this process meanwhile. */
export function runActionSync(
  action: string,
  inputs: Readonly<Record<string, string>>,
  options: StepOptions,
): StepResult {
  const prepared = prepareStep(inputs, options)
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtAction(action)], {
    ...prepared.options,
    encoding: 'utf8',
    timeout: 600_000, // Jest cannot end what blocks its own thread.
  })
  return prepared.end(status, stdout, stderr)
}
