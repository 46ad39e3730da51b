import type { XmlElement } from '../xml/index.ts'

export type Severity = 'error' | 'warning'

/** Something about a file of the source that will fail, or do no good, once it is packed and imported. */
export interface Problem {
  /** Path in the folder, with `/`. */
  readonly file: string
  readonly message: string
  /** Counted from 1. */
  readonly line?: number
  readonly column?: number
}

export interface Finding extends Problem {
  /** Id of the rule; its page tells more. */
  readonly rule: string
  readonly severity: Severity
}

/** A problem at an element. */
export function problemAt(element: XmlElement, message: string): Problem {
  const { line, column } = element.position
  return { file: element.file, message, line, column }
}
