import { UserError } from '@dsa/user-error'
import type { XmlElement } from './xml/index.ts'

interface ElementProblem {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly column: number
  readonly problem: string
}

/** A solution that cannot be unpacked, packed or read; the message says where and what to do. */
export class SolutionError extends UserError {
  override readonly name = 'SolutionError'
  /** Of one about an element: where that stands, and what is wrong with it. */
  readonly at: ElementProblem | undefined

  constructor(message: string, options?: ErrorOptions & { readonly at?: ElementProblem }) {
    super(message, options)
    this.at = options?.at
  }

  /** An error about an element: part, line and column come before the problem. */
  static at(element: XmlElement, problem: string, options?: ErrorOptions): SolutionError {
    const { line, column } = element.position
    const { file } = element
    return new SolutionError(`${file}, line ${line}, column ${column}: ${problem}`, {
      ...options,
      at: { file, line, column, problem },
    })
  }
}
