// Stands between the workflows and the emulated GitHub, and keeps what is said.
import { once } from 'node:events'
import { createServer } from 'node:http'

/**
 * @typedef {object} Exchange
 * @property {string} method
 * @property {string} path with the query, as it was sent
 * @property {unknown} request body as JSON; undefined when there is none
 * @property {number} status
 * @property {unknown} response body as JSON; undefined when there is none
 */

/** Where the emulator takes uploads, on its store. */
const UPLOADS = '/uploads.github.com'

/**
 * @param {{ github: string, artifacts: string }} ready addresses of the emulated GitHub and of its store
 * @returns {Promise<{ address: string, exchanges: Exchange[], close: () => Promise<void> }>}
 */
export async function startGithubProxy(ready) {
  const exchanges = []
  const server = createServer((request, response) => {
    forward(ready, request, exchanges).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error) => response.writeHead(502).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: addressOf(server),
    exchanges,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function addressOf(server) {
  return `http://127.0.0.1:${server.address().port}`
}

async function forward({ github, artifacts }, request, exchanges) {
  const store = artifacts.replace(/\/$/, '')
  const target = request.url.startsWith(UPLOADS) ? store : github
  const sent = Buffer.concat(await request.toArray())
  const { authorization, accept, 'content-type': type } = request.headers
  const answer = await fetch(`${target}${request.url}`, {
    redirect: 'manual',
    method: request.method,
    headers: Object.fromEntries(
      Object.entries({ authorization, accept, 'content-type': type }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    ...(sent.length > 0 && { body: sent }),
  })
  const received = Buffer.from(await answer.arrayBuffer())
  // Uploads come by here too.
  const body = isJson(answer)
    ? Buffer.from(
        received
          .toString('utf8')
          .replaceAll(`${store}${UPLOADS}`, `http://${request.headers.host}${UPLOADS}`),
      )
    : received
  exchanges.push({
    method: request.method,
    path: request.url.replace(UPLOADS, ''),
    request: json(sent),
    status: answer.status,
    response: json(body),
  })
  const kept = ['content-type', 'location', 'link', 'retry-after', 'x-accepted-github-permissions']
  const headers = kept.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)]] : []))
  return { status: answer.status, headers: Object.fromEntries(headers), body }
}

function isJson({ headers }) {
  return headers.get('content-type')?.includes('json') === true
}

function json(bytes) {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return `(${bytes.length} bytes, not JSON)`
  }
}
