import type { ServerResponse } from 'node:http'
import type { Reply } from './exchange.ts'

/** Sends a whole answer, unless the connection is gone. */
export function send(response: ServerResponse, reply: Reply, method?: string): void {
  if (response.destroyed) return
  const bytes = Buffer.from(reply.body ?? '')
  const headers = plainHeaders(reply)
  if (reply.status !== 204 && reply.status !== 304) headers['Content-Length'] = String(bytes.length)
  response.writeHead(reply.status, headers)
  response.end(method === 'HEAD' || reply.status === 204 ? undefined : bytes)
}

export function plainHeaders(reply: Reply): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(reply.headers ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  )
}
