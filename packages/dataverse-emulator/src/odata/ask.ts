import type { Incoming } from '../http/exchange.ts'

/** What is asked of one resource, with the call that it belongs to. */
export interface Ask {
  readonly method: string
  /** The resource path behind `/api/data/v9.2/`, still encoded. */
  readonly resource: string
  readonly query: string
  readonly body: Uint8Array
  readonly request: Incoming
}
