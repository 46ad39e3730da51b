import { UserError } from '@dsa/user-error'
import type { Position } from './line-positions.ts'

/** A document that is not well-formed, or exceeds a limit. */
export class XmlError extends UserError {
  override readonly name = 'XmlError'
  /** The file or archive part. */
  readonly label: string
  readonly position: Position | undefined

  constructor(label: string, problem: string, position?: Position, options?: ErrorOptions) {
    const where =
      position === undefined ? label : `${label}, line ${position.line}, column ${position.column}`
    super(`${where}: ${problem}`, options)
    this.label = label
    this.position = position
  }
}
