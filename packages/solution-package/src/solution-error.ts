import { UserError } from '@dsa/user-error'
import type { XmlElement } from './xml/index.ts'

/** A solution that cannot be unpacked, packed or read; the message says where and what to do. */
export class SolutionError extends UserError {
  override readonly name = 'SolutionError'

  /** An error about an element: part, line and column come before the problem. */
  static at(element: XmlElement, problem: string, options?: ErrorOptions): SolutionError {
    const { line, column } = element.position
    return new SolutionError(`${element.document.label}, line ${line}, column ${column}: ${problem}`, options)
  }
}
