import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { requestToken } from './token-request.ts'
import type { Answer, RequestDeps } from './token-request.ts'

/** What MSAL looks at in an answer; our answers are asked by name. */
const HEADERS = ['content-type', 'date', 'retry-after', 'www-authenticate', 'x-ms-request-id']

/**
 * MSAL's way to the network, over our fetch, so that proxies, private authorities and retries are the same for tokens
 * as for the Web API.
 * @param plainHost host and port of a loopback authority that speaks plain http
 * @param onFailure told why there is no answer; MSAL keeps only the words 'network_error'
 */
export function msalNetwork(
  deps: RequestDeps,
  plainHost?: string,
  onFailure?: (error: unknown) => void,
): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    try {
      const request = { method, headers, ...(body !== undefined && { body }) }
      return parsed<T>(await requestToken(deps, spoken(url, plainHost), request))
    } catch (error) {
      onFailure?.(error)
      throw error
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

/** MSAL wants parsed JSON; a gateway's page becomes an error of the same shape as Entra's. */
function parsed<T>({ status, headers, body }: Answer): NetworkResponse<T> {
  const error = {
    error: 'server_error',
    error_description: `The token endpoint answered HTTP ${status} without JSON.`,
  }
  const isJson = (headers.get('content-type') ?? '').includes('json') && /^\s{0,100}[{[]/.test(body)
  const value: T = JSON.parse(isJson ? body : JSON.stringify(error))
  return { status, headers: picked(headers), body: value }
}

function picked(headers: Answer['headers']): Record<string, string> {
  return Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}
