import { once } from 'node:events'
import { createServer } from 'node:http'

const requests = 200

/** The time of one request to a server that does nothing: what each request of an action costs at least. */
export async function roundTrips(runs) {
  const server = createServer((_, response) => response.end('{}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/`
  const times = []
  try {
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now()
      for (let i = 0; i < requests; i += 1) await (await fetch(url)).text()
      times.push((performance.now() - started) / requests)
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return { ms: times.toSorted((a, b) => a - b)[Math.floor(runs / 2)], mb: undefined }
}
