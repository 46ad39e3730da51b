/** What the client asks of the world around it. Everything is passed in, so that tests need no network and no waiting. */

export interface Logger {
  debug(message: string): void
  info(message: string): void
  notice(message: string): void
  warning(message: string): void
  error(message: string): void
}

/** A body that is produced while it is sent, and can be produced again for a second attempt. */
export interface StreamedBody {
  readonly byteLength: number
  chunks(): Iterable<Uint8Array>
}

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export interface HttpRequest {
  readonly method?: HttpMethod
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | StreamedBody
  readonly signal?: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** The body in pieces. Either this or `text()` is read, once. */
  chunks(): AsyncIterable<Uint8Array>
  text(): Promise<string>
}

/** Sends one request. Never follows a redirect: a token must not travel to another place. */
export type Fetch = (url: string | URL, init?: HttpRequest) => Promise<HttpResponse>

/** Milliseconds since 1970, as `Date.now` gives them. */
export type Clock = () => number

/** Waits; rejects with the signal's reason as soon as it is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>
