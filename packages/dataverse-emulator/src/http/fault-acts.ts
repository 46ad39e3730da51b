import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isRecord, parseJson, type Incoming, type Reply } from './exchange.ts'
import type { FaultKind, RequestFault } from './faults.ts'
import type { LateRequests } from './late-requests.ts'
import type { LoggedRequest } from './request-log.ts'
import { plainHeaders, send } from './send.ts'

/** What a fault works on. */
interface Scene {
  readonly fault: RequestFault
  readonly request: Incoming
  readonly response: ServerResponse
  readonly entry: LoggedRequest
  readonly late: LateRequests
  /** Lets the service act. */
  readonly act: (request: Incoming) => Promise<Reply>
}

/** How late a request is that the script gives no time to: longer than clients wait for an answer. */
const LATE_SECONDS = 130

/** What each kind of fault does instead of an answer. */
export const FAULT_ACTS: Readonly<Record<FaultKind, (scene: Scene) => Promise<void>>> = {
  async 'reset-before'({ response }) {
    response.destroy()
  },
  async 'reset-after'({ request, response, act }) {
    await act(request)
    response.destroy()
  },
  async 'half-answer'(scene) {
    const { request, response, entry, act } = scene
    const reply = await act(request)
    entry.status = reply.status
    const bytes = Buffer.from(reply.body ?? '')
    response.writeHead(reply.status, { ...plainHeaders(reply), 'Content-Length': Math.max(bytes.length, 2) })
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
  },
  async slow(scene) {
    const { fault, request, response, act } = scene
    const reply = await act(request)
    const timer = setTimeout(() => answer(scene, reply), fault.delayMs ?? 1000)
    response.on('close', () => clearTimeout(timer))
  },
  async status(scene) {
    if (scene.fault.acted === true) await scene.act(scene.request)
    answer(scene, ownReply(scene.fault))
  },
  async late(scene) {
    scene.response.destroy()
    arriveLater(scene)
  },
  async repeated(scene) {
    const { fault, request, act } = scene
    const first = await act(request)
    if (fault.lateSeconds === undefined) {
      answer(scene, await act(request))
      return
    }
    answer(scene, first)
    arriveLater(scene)
  },
  async 'endless-pages'(scene) {
    answer(scene, withNextPage(await scene.act(scene.request), scene))
  },
  async huge(scene) {
    const { fault, request, response, entry, act } = scene
    const reply = fault.status === undefined ? await act(request) : ownReply({ body: '', ...fault })
    entry.status = reply.status
    const body = fault.rows === undefined ? (reply.body ?? '') : repeatedRows(reply.body ?? '', fault.rows)
    // Without Content-Length, as a service streams: whoever reads it must count for himself.
    response.writeHead(reply.status, plainHeaders(reply))
    const pieces = filled(Buffer.from(body), fault.bytes ?? 0, fault.fill ?? ' ')
    // A reader who has had enough hangs up.
    await pipeline(Readable.from(pieces), response).catch(() => undefined)
  },
}

function answer({ response, entry, request }: Scene, reply: Reply): void {
  entry.status = reply.status
  send(response, reply, request.method)
}

/** The answer that the script dictates. */
function ownReply({ status, headers, body }: RequestFault): Reply {
  const isText = typeof body === 'string'
  return {
    status: status ?? 503,
    headers: {
      'Content-Type': isText ? 'text/html' : 'application/json; odata.metadata=minimal',
      ...headers,
    },
    body: isText ? body : body === undefined ? '' : JSON.stringify(body),
  }
}

function arriveLater({ fault, request, entry, late, act }: Scene): void {
  const arrivedAt = request.arrivedAt + (fault.lateSeconds ?? LATE_SECONDS) * 1000
  late.add(arrivedAt, async () => {
    const reply = await act({ ...request, arrivedAt })
    // The log shows what became of it, though nobody was told.
    entry.status ??= reply.status
  })
}

const PAGE_MARK = 'emulatedpage'

/** The answer with the address of a further page, which there always is. */
function withNextPage(reply: Reply, { fault, request }: Scene): Reply {
  const body = parseJson(Buffer.from(reply.body ?? '').toString())
  if (!isRecord(body) || !Array.isArray(body['value'])) return reply
  const others = request.query.split('&').filter((piece) => piece !== '' && !piece.startsWith(PAGE_MARK))
  const page = Number(new URLSearchParams(request.query).get(PAGE_MARK) ?? 0) + 1
  const next = fault.circle === undefined ? page : page % fault.circle
  const query = [...others, `${PAGE_MARK}=${next}`].join('&')
  return {
    ...reply,
    body: JSON.stringify({ ...body, '@odata.nextLink': `${request.origin}${request.path}?${query}` }),
  }
}

function repeatedRows(body: string | Uint8Array, count: number): string | Uint8Array {
  const parsed = parseJson(Buffer.from(body).toString())
  const rows: unknown = isRecord(parsed) ? parsed['value'] : undefined
  if (!isRecord(parsed) || !Array.isArray(rows) || rows.length === 0) return body
  const many: unknown[] = Array.from({ length: count }, (_, index): unknown => rows[index % rows.length])
  return JSON.stringify({ ...parsed, value: many })
}

function* filled(body: Uint8Array, bytes: number, fill: string): Generator<Uint8Array> {
  yield body
  const piece = Buffer.from(fill.repeat(Math.ceil(65_536 / Math.max(1, fill.length))))
  for (let left = bytes - body.length; left > 0; left -= piece.length) yield piece.subarray(0, left)
}
