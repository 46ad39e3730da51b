import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Test support: runs the built action as the runner does, with inputs in `INPUT_*` and files for outputs and summary. */

export interface ActionRun {
  readonly code: number | null
  /** Everything the step printed, without the runner's mask commands. */
  readonly log: string
  /** The same with them. */
  readonly raw: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** From the signal, if one was sent, to the end; milliseconds. */
  readonly endedAfterMs: number
}

const BUILT = fileURLToPath(new URL('../../dist/import.js', import.meta.url))

export interface ActionOptions {
  /** Working directory and workspace, where files of inputs are. */
  readonly workspace: string
  readonly inputs: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** Sends SIGTERM as soon as the log holds this text. */
  readonly terminateAt?: string
  /** Shown the log each time it grows. */
  readonly onLog?: (log: string) => void
}

export const runBuiltAction = async (options: ActionOptions): Promise<ActionRun> => {
  if (!existsSync(BUILT)) throw new Error(`${BUILT} is not there. Run "pnpm build" first.`)
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  const [outputFile, summaryFile] = [join(folder, 'output'), join(folder, 'summary')]
  try {
    await Promise.all([writeFile(outputFile, ''), writeFile(summaryFile, '')])
    const inputs = Object.entries(options.inputs).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ])
    const child = spawn(process.execPath, [BUILT], {
      cwd: options.workspace,
      env: {
        PATH: process.env['PATH'],
        GITHUB_WORKSPACE: options.workspace,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        RUNNER_TEMP: folder,
        ...options.environment,
        ...Object.fromEntries(inputs),
      },
    })
    let raw = ''
    let signaledMs = 0
    const onText = (piece: Buffer): void => {
      raw += piece.toString()
      options.onLog?.(raw)
      if (options.terminateAt === undefined || signaledMs > 0 || !raw.includes(options.terminateAt)) return
      signaledMs = performance.now()
      child.kill('SIGTERM')
    }
    child.stdout.on('data', onText)
    child.stderr.on('data', onText)
    const code = await new Promise<number | null>((done, fail) => {
      child.on('error', fail)
      child.on('close', done)
    })
    return {
      code,
      raw,
      log: raw
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n'),
      outputs: parseOutputs(await readFile(outputFile, 'utf8')),
      summary: await readFile(summaryFile, 'utf8'),
      endedAfterMs: signaledMs === 0 ? 0 : performance.now() - signaledMs,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const parseOutputs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  )
