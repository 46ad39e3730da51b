import { errorText } from '@dsa/user-error'
import { GithubError } from './github-error.ts'

export interface Download {
  /** Below the address of the API, such as `/repos/contoso/orders/releases/assets/7`. */
  readonly path: string
  readonly token: string
  /** What it is, for messages: `the asset 'a.zip'`. */
  readonly what: string
  /** More is refused, whatever was said of the size before. */
  readonly maxBytes: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How often a store may send on to another one. */
const MAX_REDIRECTS = 3

/**
 * The bytes of a file that GitHub keeps. GitHub sends on to a store, whose address has a signature of its own: only the
 * first request carries the token. What is downloaded will run in environments, so it comes by https, or from this
 * machine.
 *
 * @throws GithubError
 */
export async function downloadFile(download: Download): Promise<Uint8Array> {
  const { path, token, what, maxBytes, environment } = download
  const { HttpClient } = await import('@actions/http-client')
  const client = new HttpClient('dataverse-solution-actions', [], {
    allowRedirects: false,
    maxRetries: 3,
    allowRetries: true,
  })
  const server = (environment['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, '')
  let url = new URL(`${server}${path}`)
  let headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    accept: 'application/octet-stream',
  }
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (!isSafe(url)) throw failed(what, `it was to come from ${url.origin}, which is not https`)
    const { host } = url
    const { message } = await client.get(url.href, headers).catch((cause: unknown) => {
      throw failed(what, `${host} gave no answer: ${errorText(cause)}`, undefined, cause)
    })
    const status = message.statusCode ?? 0
    if (status === 200) return readWithin(message, what, maxBytes)
    message.resume()
    const { location } = message.headers
    if (
      ![301, 302, 303, 307, 308].includes(status) ||
      location === undefined ||
      !URL.canParse(location, url.href)
    ) {
      throw failed(what, `${host} answered with ${status}`, status)
    }
    url = new URL(location, url)
    headers = {}
  }
  throw failed(what, `it was sent on more than ${MAX_REDIRECTS} times`)
}

function isSafe({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  )
}

async function readWithin(
  stream: AsyncIterable<Uint8Array>,
  what: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of stream) {
      length += chunk.length
      if (length > maxBytes) throw failed(what, `it is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof GithubError) throw cause
    throw failed(what, `the connection broke off: ${errorText(cause)}`, undefined, cause)
  }
  return Buffer.concat(chunks)
}

function failed(what: string, why: string, status?: number, cause?: unknown): GithubError {
  return new GithubError(
    `Downloading ${what} failed: ${why}. Run the job again.`,
    { status, serverMessage: why },
    { cause },
  )
}
