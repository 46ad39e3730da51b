import { writeCommand, writeText } from './commands.ts'

export type AnnotationLevel = 'notice' | 'warning' | 'error'

/** A message that GitHub shows beside a file and on the run's page. */
export interface Annotation {
  readonly level: AnnotationLevel
  readonly message: string
  readonly title?: string
  /** Path from the root of the repository. */
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  readonly column?: number
}

/**
 * GitHub shows ten annotations of a kind for a step and drops the rest without a word. One error is kept for the
 * message of the failure itself, which comes last.
 */
const shownPerLevel: Readonly<Record<AnnotationLevel, number>> = { notice: 10, warning: 10, error: 9 }

/** Writes annotations, and says how many GitHub would not have shown; those are plain lines of the log. */
export class Annotations {
  readonly #counts: Record<AnnotationLevel, number> = { notice: 0, warning: 0, error: 0 }

  add({ level, message, title, file, line, column }: Annotation): void {
    this.#counts[level] += 1
    if (this.#counts[level] > shownPerLevel[level]) {
      const place = [file, line, column].filter((part) => part !== undefined).join(':')
      writeText([level.toUpperCase(), place, message].filter((part) => part !== '').join(' '))
      return
    }
    writeCommand(level, message, { title, file, line, col: column })
  }

  /** One line a level of which not all were shown. */
  writeRest(): void {
    for (const level of ['notice', 'warning', 'error'] as const) {
      const rest = this.#counts[level] - shownPerLevel[level]
      if (rest > 0) writeText(`… and ${rest} more ${rest === 1 ? level : `${level}s`}, in the log above.`)
    }
  }
}
