import { UserError } from '@dsa/user-error'

/** The workflow run was cancelled, or the runner is shutting down. */
class CancelledError extends UserError {
  override readonly name = 'CancelledError'
}

/** The runner kills a step some seconds after the signal; the last words are out within two, on a busy machine too. */
const graceMs = 1_000

/**
 * Turns SIGINT and SIGTERM into an abort of the run.
 *
 * @param giveUp called when the run has not ended within the grace time
 * @returns the signal for the run, and a function that takes the listeners away again
 */
export function abortOnSignals(giveUp: (error: Error) => void): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    const error = new CancelledError(`The step was cancelled (${name}).`)
    if (controller.signal.aborted) {
      giveUp(error)
      return
    }
    controller.abort(error)
    setTimeout(() => giveUp(error), graceMs).unref()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  }
}
