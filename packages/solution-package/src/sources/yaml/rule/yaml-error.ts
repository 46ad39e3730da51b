import { UserError } from '@dsa/user-error'
import type { Position } from '../../../xml/index.ts'

/** A file of a YAML source that is not what the format allows. */
export class YamlError extends UserError {
  override readonly name = 'YamlError'
  /** The file. */
  readonly label: string
  readonly problem: string
  readonly position: Position

  constructor(label: string, problem: string, position: Position, options?: ErrorOptions) {
    super(`${label}, line ${position.line}, column ${position.column}: ${problem}`, options)
    this.label = label
    this.problem = problem
    this.position = position
  }
}
