import { error, info, notice, warning } from '@actions/core'

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

const write = { notice, warning, error }

/** GitHub shows ten annotations of a kind for a step and drops the rest without a word. */
const shownPerLevel = 10

/** Writes annotations, and says how many GitHub would not have shown; those are plain lines of the log. */
export class Annotations {
  readonly #counts: Record<AnnotationLevel, number> = { notice: 0, warning: 0, error: 0 }

  add({ level, message, title, file, line, column }: Annotation): void {
    this.#counts[level] += 1
    if (this.#counts[level] > shownPerLevel) {
      const place = [file, line, column].filter((part) => part !== undefined).join(':')
      info([level.toUpperCase(), place, message].filter((part) => part !== '').join(' '))
      return
    }
    write[level](message, {
      ...(title !== undefined && { title }),
      ...(file !== undefined && { file }),
      ...(line !== undefined && { startLine: line }),
      ...(column !== undefined && { startColumn: column }),
    })
  }

  /** One line a level of which not all were shown. */
  writeRest(): void {
    for (const [level, count] of Object.entries(this.#counts)) {
      if (count > shownPerLevel) info(`… and ${count - shownPerLevel} more ${level}s, in the log above.`)
    }
  }
}
