import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { json, type Handler, type Incoming, type Reply } from './exchange.ts'
import { FAULT_ACTS } from './fault-acts.ts'
import type { FaultScript } from './faults.ts'
import type { LateRequests } from './late-requests.ts'
import type { RequestLog } from './request-log.ts'
import { send } from './send.ts'

export interface Service {
  readonly name: string
  readonly environment?: string
  readonly handle: Handler
}

export interface Surroundings {
  readonly clock: Clock
  readonly faults: FaultScript
  readonly log: RequestLog
  readonly late: LateRequests
  /** Seconds by which the `Date` header is ahead of the clock that rows are written by. */
  readonly dateAheadSeconds: () => number
}

export interface RunningServer {
  readonly origin: string
  close(): Promise<void>
}

/** What a service answers when its own code fails: never a crash, never a stack. */
const FAILURE = json(500, { error: { code: '0x80040216', message: 'An unexpected error occurred.' } })

const LARGEST_BODY = 512 * 1024 * 1024

/** Serves on a free port of the loopback interface, and nowhere else. */
export async function serve(service: Service, around: Surroundings, port = 0): Promise<RunningServer> {
  let origin = ''
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (message, response) => {
    answer(message, response, service, around, origin).catch(() => response.destroy())
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return socket.destroy()
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
    const body = '{"error":{"code":"","message":"The request is badly formed."}}'
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
  // Clients keep a connection while they wait between polls; a short timeout would race with their next request.
  server.keepAliveTimeout = 120_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
  return {
    origin,
    async close() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  service: Service,
  around: Surroundings,
  origin: string,
): Promise<void> {
  const { clock, faults, late, log } = around
  const date = clock.now() + around.dateAheadSeconds() * 1000
  response.setHeader('Date', new Date(date).toUTCString())
  const request = await readRequest(message, origin, clock)
  if (request === undefined) {
    send(response, { status: 413, body: '{"error":{"code":"","message":"The request is too large."}}' })
    return
  }
  await late.deliver(clock.now())
  const entry = log.add(request, service.name, service.environment, clock.now())
  const fault = faults.next(request, service.name, service.environment)
  const act = (meant: Incoming) => safeReply(service, meant)
  if (fault === undefined) {
    const reply = await act(request)
    entry.status = reply.status
    send(response, reply, request.method)
    return
  }
  entry.fault = fault.fault
  await FAULT_ACTS[fault.fault]({ fault, request, response, entry, late, act })
}

async function safeReply(service: Service, request: Incoming): Promise<Reply> {
  try {
    return await service.handle(request)
  } catch {
    return FAILURE
  }
}

async function readRequest(
  message: IncomingMessage,
  origin: string,
  clock: Clock,
): Promise<Incoming | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) return undefined
    chunks.push(chunk)
  }
  const target = message.url ?? '/'
  const mark = target.indexOf('?')
  return {
    method: message.method ?? 'GET',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks),
    origin,
    arrivedAt: clock.now(),
  }
}
