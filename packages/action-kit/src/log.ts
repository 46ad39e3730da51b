import type { Annotations } from './annotations.ts'
import { isDebug, writeCommand, writeText } from './commands.ts'

/** The log of a step. Notices, warnings and errors also appear on the page of the run. */
export interface ActionLogger {
  /** Shown only when the runner debugs. */
  debug(message: string): void
  info(message: string): void
  notice(message: string): void
  warning(message: string): void
  error(message: string): void
  /** Folds the lines that `work` writes under a title. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
}

export function createLogger(annotations: Annotations): ActionLogger {
  return {
    // The runner hides debug commands; anywhere else they would be noise.
    debug: (message) => {
      if (isDebug()) writeCommand('debug', message)
    },
    info: writeText,
    notice: (message) => annotations.add({ level: 'notice', message }),
    warning: (message) => annotations.add({ level: 'warning', message }),
    error: (message) => annotations.add({ level: 'error', message }),
    async group(title, work) {
      writeCommand('group', title)
      try {
        return await work()
      } finally {
        writeCommand('endgroup', '')
      }
    },
  }
}
