import { UserError } from '@dsa/user-error'

/** GitHub refused a request, or gave no answer that can be used. */
export class GithubError extends UserError {
  override readonly name = 'GithubError'
  /** Undefined when no answer came. */
  readonly status: number | undefined
  /** GitHub's own words, without our context. */
  readonly serverMessage: string
  /** The token may not do this; nothing but another one, or another permission, changes that. */
  readonly lacksPermission: boolean
  /** A write was sent, and whether it was carried out is not known. */
  readonly isLost: boolean

  constructor(
    message: string,
    detail: {
      status: number | undefined
      serverMessage: string
      lacksPermission?: boolean
      isLost?: boolean
    },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = detail.status
    this.serverMessage = detail.serverMessage
    this.lacksPermission = detail.lacksPermission ?? false
    this.isLost = detail.isLost ?? false
  }

  /** GitHub did not decide: no answer came, or that of a server that fails. */
  get isUnanswered(): boolean {
    return this.status === undefined || this.status >= 500
  }
}
