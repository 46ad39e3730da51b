import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { readBase64Property } from './answers/base64-answer.ts'
import { createHttp } from './http.ts'
import type { HttpOptions } from './http.ts'
import { jsonBody } from './json-body.ts'

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  return address.port
}

/** Runs `work` against a server on loopback and closes everything whatever happens. */
async function withServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  work: (url: string, fetch: ReturnType<typeof createHttp>['fetch']) => Promise<void>,
  options: HttpOptions = { env: {} },
): Promise<void> {
  const server = createServer(handler)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const http = createHttp(options)
  try {
    await work(`http://127.0.0.1:${portOf(server)}/`, http.fetch)
  } finally {
    await http.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((done, fail) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => done(Buffer.concat(pieces).toString()))
    request.on('error', fail)
  })
}

test('a streamed body arrives whole, with its length stated', async () => {
  const bytes = new Uint8Array(3_000_001).fill(7)
  let length = ''
  await withServer(
    (request, response) => {
      length = request.headers['content-length'] ?? 'chunked'
      void bodyOf(request).then((text) => response.end(text))
    },
    async (url, fetch) => {
      const answer = await fetch(url, { method: 'POST', body: jsonBody({ CustomizationFile: bytes }) })
      const text = await answer.text()
      expect(Number(length)).toBe(text.length)
      expect(JSON.parse(text)).toEqual({ CustomizationFile: Buffer.from(bytes).toString('base64') })
    },
  )
})

test('a redirect is handed back, not followed', async () => {
  await withServer(
    (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    async (url, fetch) => {
      await expect(fetch(url)).resolves.toMatchObject({ status: 302 })
    },
  )
})

test('a connection that is cut inside the answer is an error, not a short answer', async () => {
  await withServer(
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => request.socket.destroy())
    },
    async (url, fetch) => {
      const answer = await fetch(url)
      await expect(answer.text()).rejects.toMatchObject({ name: 'TransportError', neverSent: false })
    },
  )
})

test('a connection that is cut before the answer may have been acted on; one that was refused was not', async () => {
  let dead = ''
  await withServer(
    (request) => request.socket.destroy(),
    async (url, fetch) => {
      dead = url
      await expect(fetch(url)).rejects.toMatchObject({ name: 'TransportError', neverSent: false })
    },
  )
  const http = createHttp({ env: {} })
  await expect(http.fetch(dead)).rejects.toMatchObject({ code: 'ECONNREFUSED', neverSent: true })
  await http.close()
})

/** A proxy that tunnels every host to `target` and remembers what it was asked for. */
async function withProxy(
  targetPort: () => number,
  work: (proxyUrl: string, seen: string[]) => Promise<void>,
): Promise<void> {
  const seen: string[] = []
  const proxy = createServer()
  const sockets = new Set<{ destroy(): unknown }>()
  proxy.on('connect', (request, socket) => {
    seen.push(request.url ?? '')
    const upstream = connect(targetPort(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => end.destroy())
    }
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  try {
    await work(`http://127.0.0.1:${portOf(proxy)}`, seen)
  } finally {
    for (const socket of sockets) socket.destroy()
    proxy.closeAllConnections()
    await new Promise((done) => proxy.close(done))
  }
}

describe('proxies', () => {
  test('a proxy of the environment sees other hosts, NO_PROXY and this machine excepted', async () => {
    await withServer(
      (_, response) => response.end('reached'),
      async (url, direct) => {
        const port = Number(new URL(url).port)
        await withProxy(
          () => port,
          async (proxyUrl, seen) => {
            const http = createHttp({ env: { HTTP_PROXY: proxyUrl, NO_PROXY: 'excepted.invalid' } })
            try {
              const answer = await http.fetch('http://somewhere.invalid/')
              await expect(answer.text()).resolves.toBe('reached')
              expect(seen).toEqual(['somewhere.invalid:80'])
              await (await http.fetch(url)).text()
              await expect(http.fetch('http://excepted.invalid/')).rejects.toMatchObject({
                code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
              })
              expect(seen).toHaveLength(1)
            } finally {
              await http.close()
            }
            await (await direct(url)).text()
          },
        )
      },
    )
  })

  test('this machine goes through the proxy when that is asked for', async () => {
    await withServer(
      (_, response) => response.end('reached'),
      async (url) => {
        await withProxy(
          () => Number(new URL(url).port),
          async (proxyUrl, seen) => {
            const http = createHttp({ env: { http_proxy: proxyUrl }, proxyLoopback: true })
            try {
              await (await http.fetch(url)).text()
              expect(seen).toEqual([new URL(url).host])
            } finally {
              await http.close()
            }
          },
        )
      },
    )
  })
})

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

describe('a large binary in an answer', () => {
  const archive = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 37) % 256))
  const answer = JSON.stringify({ '@odata.context': 'x', ExportSolutionFile: archive.toString('base64') })

  test.each([1, 2, 3, 7, 64, 100_000])('is decoded from pieces of %i bytes', async (size) => {
    await expect(readBase64Property(inPieces(answer, size), 'ExportSolutionFile')).resolves.toEqual(archive)
  })

  test.each([1, 5, 1_000])('escapes that JSON allows in base64 are undone (pieces of %i)', async (size) => {
    const escaped = answer.replaceAll('+', '\\u002B').replaceAll('/', '\\/')
    await expect(readBase64Property(inPieces(escaped, size), 'ExportSolutionFile')).resolves.toEqual(archive)
  })

  test('half of it is an error', async () => {
    await expect(
      readBase64Property(inPieces(answer.slice(0, 300), 50), 'ExportSolutionFile'),
    ).rejects.toThrow(/broke off/)
  })

  test('an answer without it says so', async () => {
    await expect(readBase64Property(inPieces('{"value":1}', 4), 'ExportSolutionFile')).rejects.toThrow(
      /no 'ExportSolutionFile'/,
    )
  })
})
