import { readText, RETRY_TIME_MS, retryAfter, retryOf, TransportError } from '@dsa/dataverse-client'
import type { Clock, Fetch, HttpMethod, HttpResponse, Logger, Sleep } from '@dsa/dataverse-client'

/** What a request for a token needs of the world. */
export interface RequestDeps {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly sleep: Sleep
  readonly signal: AbortSignal
  readonly log: Logger
  readonly random?: () => number
}

/** An answer of a token service, whatever its status; redirects are never followed. */
export interface Answer {
  readonly status: number
  readonly headers: HttpResponse['headers']
  readonly body: string
  readonly retryAfterMs: number | undefined
}

const TIMEOUT_MS = 30_000
/** A token with every group of a large directory is a tenth of it. */
const MAX_BYTES = 1_048_576

/**
 * Asks a token service, by the retry policy of the Web API: a token request changes nothing, so it is repeated when
 * the service has a bad moment.
 * @throws TransportError when no answer came
 */
export async function requestToken(
  deps: RequestDeps,
  url: string,
  request: {
    readonly method: HttpMethod
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  },
): Promise<Answer> {
  const deadlineMs = deps.clock() + RETRY_TIME_MS
  for (let retries = 0; ; retries++) {
    const outcome = await sendOnce(deps, url, request)
    if (!(outcome instanceof TransportError) && outcome.status < 300) return outcome
    const retry = retryOf({
      repeatable: true,
      failure: outcome,
      retries,
      leftMs: deadlineMs - deps.clock(),
      random: deps.random ?? Math.random,
    })
    if (retry === undefined) {
      if (outcome instanceof TransportError) throw outcome
      return outcome
    }
    const seconds = (retry.waitMs / 1_000).toFixed(1)
    deps.log.info(`Token request: ${retry.reason}; attempt ${retries + 2} in ${seconds} s.`)
    await deps.sleep(retry.waitMs, deps.signal)
  }
}

async function sendOnce(
  { fetch, signal, clock }: RequestDeps,
  url: string,
  request: Parameters<typeof requestToken>[2],
): Promise<Answer | TransportError> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const { host } = new URL(url)
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.any([signal, timeout]) })
    return {
      status: response.status,
      headers: response.headers,
      body: await readText(response, { maxBytes: MAX_BYTES, whole: true, label: host }),
      retryAfterMs: retryAfter(response.headers, clock()),
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof TransportError) return error
    // Anything else is a defect, which repeating does not mend.
    if (!timeout.aborted) throw error
    return new TransportError(
      `${host}: no answer in time.`,
      { code: 'TIMEOUT', neverSent: false },
      { cause: error },
    )
  }
}
