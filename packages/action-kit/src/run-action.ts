import { setTimeout as delay } from 'node:timers/promises'
import { type Annotation, Annotations } from './annotations.ts'
import { type Artifacts, artifacts } from './artifacts.ts'
import { abortOnSignals } from './cancellation.ts'
import { isDebug, writeCommand, writeText } from './commands.ts'
import { type ActionMetadata, applyDefaults, unknownInputs } from './declared-inputs.ts'
import { type ActionLogger, createLogger } from './log.ts'
import { maskSecret } from './masking.ts'
import { docsPage } from './docs-page.ts'
import { messageFor, stacksOf } from './error-message.ts'
import { type Outputs, setOutput } from './outputs.ts'
import { workspace } from './paths.ts'
import { StepSummary, type Summary } from './summary.ts'

/** All that the work of an action may use of the world around it. */
export interface ActionDeps {
  readonly log: ActionLogger
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Aborted when the workflow is cancelled. */
  readonly signal: AbortSignal
  /** Absolute path that relative paths of inputs count from. */
  readonly root: string
  /** The environment of the job, without its inputs. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly summary: Summary
  readonly artifacts: Artifacts
  /** Sets an output before the run ends. */
  readonly setOutput: (name: string, value: Outputs[string]) => void
  readonly annotate: (annotation: Annotation) => void
  readonly addMask: (secret: string) => void
}

export interface RunOptions {
  /** The page of the documentation on what an error message is about, such as `docs/errors.md#0x80048040`. */
  readonly pageFor?: (message: string) => string | undefined
}

/**
 * The life of an action: gives blank inputs their defaults, runs the work, writes outputs, summary and, for an
 * error, one message, which is in the summary as well. An error may carry `annotations`, which are shown beside their
 * files. An error that is no `UserError` is told as a defect of the action.
 *
 * @param metadata the action's own `action.yml`
 * @param work reads the inputs and returns the outputs
 * @param options `pageFor`: error messages, and annotations of an error, end with a link to this page
 */
export async function runAction(
  metadata: ActionMetadata,
  work: (deps: ActionDeps) => Promise<Outputs>,
  { pageFor = () => undefined }: RunOptions = {},
): Promise<void> {
  const explained = (message: string): string => {
    const page = pageFor(message)
    if (page === undefined) return message
    return `${message}${message.includes('\n') ? '\n' : ' '}More: ${docsPage(page, process.env)}`
  }
  const annotations = new Annotations()
  const summary = new StepSummary()
  const log = createLogger(annotations)
  let failed = false
  const fail = (error: unknown): void => {
    if (failed) return
    failed = true
    for (const annotation of annotationsOf(error)) {
      annotations.add({ ...annotation, message: explained(annotation.message) })
    }
    process.exitCode = 1
    const text = messageFor(error, process.env)
    summary.error(`${metadata.name} failed`, { text, page: pageFor(text) })
    writeCommand('error', explained(text))
    if (isDebug()) for (const detail of stacksOf(error)) writeCommand('debug', detail)
  }
  const giveUp = (error: unknown): void => {
    fail(error)
    writeSummary(summary)
    // Where the log is a pipe, what was written may still be on its way.
    process.stdout.write('', () => process.exit(1))
  }
  process.on('uncaughtException', giveUp)
  const { signal, stop } = abortOnSignals(giveUp)
  try {
    writeText(
      `${metadata.name} ${metadata.version}, Node ${process.version} on ${process.platform} ${process.arch}`,
    )
    applyDefaults(metadata)
    for (const name of unknownInputs(metadata)) log.warning(`Input '${name}' does not exist and is ignored.`)
    const outputs = await work({
      log,
      clock: Date.now,
      sleep: (ms, abort = signal) => sleep(ms, abort),
      signal,
      root: workspace(),
      environment: environment(),
      summary,
      artifacts,
      setOutput,
      annotate: (annotation) => annotations.add(annotation),
      addMask: maskSecret,
    })
    for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
  } catch (error) {
    fail(error)
  } finally {
    annotations.writeRest()
    writeSummary(summary)
    stop()
    process.off('uncaughtException', giveUp)
  }
}

function environment(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INPUT_')))
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

/** A summary that cannot be written hides no error and fails no run: all that it says is in the log as well. */
function writeSummary(summary: StepSummary): void {
  try {
    summary.write()
  } catch (error) {
    writeCommand('warning', `The summary could not be written. ${messageFor(error, process.env)}`)
  }
}

function annotationsOf(error: unknown): readonly Annotation[] {
  return error instanceof Error && 'annotations' in error && Array.isArray(error.annotations)
    ? error.annotations.filter(isAnnotation)
    : []
}

function isAnnotation(value: unknown): value is Annotation {
  return typeof value === 'object' && value !== null && 'message' in value && 'level' in value
}
