import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { readText, RETRY_TIME_MS, retryAfter, retryOf, TransportError } from '@dsa/dataverse-client'
import type { Clock, Fetch, HttpResponse, Logger, Sleep } from '@dsa/dataverse-client'

export interface NetworkDeps {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly sleep: Sleep
  readonly signal: AbortSignal
  readonly log: Logger
  readonly random?: () => number
  /** Told the reason when no answer came at all; MSAL keeps only the words "network_error". */
  readonly onNoAnswer?: (error: TransportError) => void
}

const TIMEOUT_MS = 30_000
/** A token with every group of a large directory is a tenth of it. */
const MAX_BYTES = 1_048_576

/** What MSAL looks at in an answer; our answers are asked by name. */
const HEADERS = ['content-type', 'date', 'retry-after', 'www-authenticate', 'x-ms-request-id']

/**
 * MSAL's way to the network, over our fetch, so that proxies, private authorities and retries are the same for tokens
 * as for the Web API. A token request changes nothing, so it is repeated when the service has a bad moment.
 * @param plainHost host and port of a loopback authority that speaks plain http
 */
export function msalNetwork(deps: NetworkDeps, plainHost?: string): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const deadlineMs = deps.clock() + RETRY_TIME_MS
    for (let retries = 0; ; retries++) {
      const outcome = await sendOnce(deps, method, spoken(url, plainHost), options)
      const isSuccess = !(outcome instanceof TransportError) && outcome.status < 300
      const retry = isSuccess
        ? undefined
        : retryOf({
            repeatable: true,
            failure: outcome,
            retries,
            leftMs: deadlineMs - deps.clock(),
            random: deps.random ?? Math.random,
          })
      if (retry === undefined) {
        if (!(outcome instanceof TransportError)) return parsed<T>(outcome)
        deps.onNoAnswer?.(outcome)
        throw outcome
      }
      const seconds = (retry.waitMs / 1_000).toFixed(1)
      deps.log.info(`Token request: ${retry.reason}; attempt ${retries + 2} in ${seconds} s.`)
      await deps.sleep(retry.waitMs, deps.signal)
    }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  }
}

/** MSAL refuses plain http even on loopback, where we allow it: it is told https, and http is spoken. */
function spoken(url: string, plainHost: string | undefined): string {
  return plainHost !== undefined && new URL(url).host === plainHost ? url.replace(/^https:/, 'http:') : url
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly retryAfterMs: number | undefined
}

async function sendOnce(
  { fetch, signal, clock }: NetworkDeps,
  method: 'GET' | 'POST',
  url: string,
  options: NetworkRequestOptions,
): Promise<Answer | TransportError> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch(url, {
      method,
      headers: options.headers ?? {},
      ...(options.body !== undefined && { body: options.body }),
      signal: AbortSignal.any([signal, timeout]),
    })
    return {
      status: response.status,
      headers: headersOf(response),
      body: await readText(response, { maxBytes: MAX_BYTES, whole: true, label: new URL(url).host }),
      retryAfterMs: retryAfter(response.headers, clock()),
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof TransportError) return error
    // Anything else is a defect, which repeating does not mend.
    if (!timeout.aborted) throw error
    return new TransportError(
      `${new URL(url).host}: no answer in time.`,
      { code: 'TIMEOUT', neverSent: false },
      { cause: error },
    )
  }
}

function headersOf(response: HttpResponse): Record<string, string> {
  return Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

/** MSAL wants parsed JSON; a gateway's page becomes an error of the same shape as Entra's. */
function parsed<T>({ status, headers, body }: Answer): NetworkResponse<T> {
  const error = {
    error: 'server_error',
    error_description: `The token endpoint answered HTTP ${status} without JSON.`,
  }
  const isJson = (headers['content-type'] ?? '').includes('json') && /^\s*[{[]/.test(body)
  const value: T = JSON.parse(isJson ? body : JSON.stringify(error))
  return { status, headers: { ...headers }, body: value }
}
