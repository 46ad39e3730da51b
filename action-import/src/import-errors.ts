import { UserError } from '@dsa/user-error'
import type { Annotation } from '@dsa/action-kit'

/** The decision was not to import. */
export class RefusedError extends UserError {
  override readonly name = 'RefusedError'
}

/** The environment does not take the archive, or the import ended without success. */
export class ImportFailedError extends UserError {
  override readonly name = 'ImportFailedError'
  /** Shown beside the run, one for each component that failed. */
  readonly annotations: readonly Annotation[]

  constructor(message: string, annotations: readonly Annotation[] = [], options?: ErrorOptions) {
    super(message, options)
    this.annotations = annotations
  }
}

/** The step stops looking; the import goes on in the environment. */
export class ImportGoesOnError extends UserError {
  override readonly name = 'ImportGoesOnError'
}

/** The import is done, and `fail-on` counts what it left. */
export class StrictError extends UserError {
  override readonly name = 'StrictError'

  /** What counted, in a few words each. */
  readonly reasons: readonly string[]

  constructor(message: string, reasons: readonly string[]) {
    super(message)
    this.reasons = reasons
  }
}
