import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Handler, Incoming, Reply } from './exchange.ts'
import type { FaultScript, RequestFault } from './faults.ts'
import type { LoggedRequest, RequestLog } from './request-log.ts'

export interface Service {
  readonly name: string
  readonly environment?: string
  readonly handle: Handler
  /** What the service answers when its own code fails: never a crash, never a stack. */
  readonly failure: Reply
}

export interface Surroundings {
  readonly clock: Clock
  readonly faults: FaultScript
  readonly log: RequestLog
}

export interface RunningServer {
  readonly origin: string
  close(): Promise<void>
}

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
  // Clients compare the server's time with times in rows: both come from the emulator's clock.
  response.setHeader('Date', new Date(around.clock.now()).toUTCString())
  const request = await readRequest(message, origin)
  if (request === undefined) {
    send(response, { status: 413, body: '{"error":{"code":"","message":"The request is too large."}}' })
    return
  }
  const entry = around.log.add(request, service.name, service.environment, around.clock.now())
  const fault = around.faults.next(request, service.name, service.environment)
  if (fault === undefined) {
    const reply = await safeReply(service, request)
    entry.status = reply.status
    send(response, reply, request.method)
    return
  }
  entry.fault = fault.fault
  await answerBadly(fault, request, response, service, entry)
}

async function safeReply(service: Service, request: Incoming): Promise<Reply> {
  try {
    return await service.handle(request)
  } catch {
    return service.failure
  }
}

async function answerBadly(
  fault: RequestFault,
  request: Incoming,
  response: ServerResponse,
  service: Service,
  entry: LoggedRequest,
): Promise<void> {
  if (fault.fault === 'reset-before') {
    response.destroy()
    return
  }
  if (fault.fault === 'status') {
    if (fault.acted === true) await safeReply(service, request)
    entry.status = fault.status ?? 503
    send(response, faultReply(fault, entry.status), request.method)
    return
  }
  const reply = await safeReply(service, request)
  if (fault.fault === 'reset-after') {
    response.destroy()
    return
  }
  entry.status = reply.status
  if (fault.fault === 'slow') {
    const timer = setTimeout(() => send(response, reply, request.method), fault.delayMs ?? 1000)
    response.on('close', () => clearTimeout(timer))
    return
  }
  const bytes = Buffer.from(reply.body ?? '')
  response.writeHead(reply.status, { ...plainHeaders(reply), 'Content-Length': Math.max(bytes.length, 2) })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
}

function faultReply(fault: RequestFault, status: number): Reply {
  const { body } = fault
  const type = typeof body === 'string' ? 'text/html' : 'application/json; odata.metadata=minimal'
  return {
    status,
    headers: { 'Content-Type': type, ...fault.headers },
    body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
  }
}

async function readRequest(message: IncomingMessage, origin: string): Promise<Incoming | undefined> {
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
  }
}

function plainHeaders(reply: Reply): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(reply.headers ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  )
}

function send(response: ServerResponse, reply: Reply, method?: string): void {
  if (response.destroyed) return
  const bytes = Buffer.from(reply.body ?? '')
  const headers = plainHeaders(reply)
  if (reply.status !== 204 && reply.status !== 304) headers['Content-Length'] = String(bytes.length)
  response.writeHead(reply.status, headers)
  response.end(method === 'HEAD' || reply.status === 204 ? undefined : bytes)
}
