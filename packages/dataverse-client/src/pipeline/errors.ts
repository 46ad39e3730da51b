import { UserError } from '@dsa/user-error'

/** The request did reach Dataverse, and Dataverse (or a gateway before it) said no. */
export class DataverseError extends UserError {
  override readonly name: string = 'DataverseError'
  readonly status: number
  /** Lower-case hex such as `0x80040217`; empty when the answer carried none. */
  readonly code: string
  /** Ids that Microsoft's support asks for, exactly as the service wrote them. */
  readonly requestId: string
  /** The service's own words, without our context. */
  readonly serverMessage: string
  /** How long the service asked to wait before the next request; undefined when it did not. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    detail: {
      status: number
      code?: string
      requestId?: string
      serverMessage?: string
      retryAfterMs?: number | undefined
    },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = detail.status
    this.code = detail.code ?? ''
    this.requestId = detail.requestId ?? ''
    this.serverMessage = detail.serverMessage ?? ''
    this.retryAfterMs = detail.retryAfterMs
  }

  /** The same refusal, with what to do about it behind the service's words. */
  withAdvice(advice: string): DataverseError {
    const words = /[.!?]$/.test(this.message) ? this.message : `${this.message}.`
    return new DataverseError(`${words} ${advice}`, this, { cause: this })
  }
}

/** A write left for the server and no usable answer came back: it may or may not have been carried out. */
export class LostAnswerError extends UserError {
  override readonly name = 'LostAnswerError'
}

/** No connection, or an answer that broke off: nothing is known about the server's opinion. */
export class TransportError extends UserError {
  override readonly name = 'TransportError'
  /** A name such as `ECONNRESET` or `ENOTFOUND`; empty when unknown. */
  readonly code: string
  /** True when it is certain that the request never left this machine. */
  readonly neverSent: boolean

  constructor(message: string, detail: { code: string; neverSent: boolean }, options?: ErrorOptions) {
    super(message, options)
    this.code = detail.code
    this.neverSent = detail.neverSent
  }

  /** True when the server's certificate is not trusted, which no second attempt changes. */
  get certificateRefused(): boolean {
    return /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS/.test(this.code)
  }
}

/** Another solution operation held the environment for longer than we were allowed to wait. */
export class EnvironmentBusyError extends UserError {
  override readonly name = 'EnvironmentBusyError'
}

/** The deadline of waiting passed while the operation was still running on the server. */
export class StillRunningError extends UserError {
  override readonly name = 'StillRunningError'
  readonly asyncOperationId: string | undefined

  constructor(message: string, asyncOperationId?: string) {
    super(message)
    this.asyncOperationId = asyncOperationId
  }
}
