import { randomUUID } from 'node:crypto'
import type { Incoming, Reply } from '../http/exchange.ts'
import { refuse } from './errors.ts'

/** The service refuses larger batches. */
const MOST_OPERATIONS = 1000

/** One request within a batch. */
export interface BatchOperation {
  readonly method: string
  /** As written: absolute, rooted, relative to the service, or `$1/…`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly contentId?: string
}

/** Single requests, and change sets that succeed or fail as one. */
type BatchPart = BatchOperation | { readonly changeSet: readonly BatchOperation[] }

export interface BatchRunner {
  run(operation: BatchOperation): Promise<Reply>
  /** Runs the operations; when one fails, none has happened and its refusal is the answer. */
  runAll(
    operations: readonly BatchOperation[],
  ): Promise<{ readonly replies: readonly Reply[] } | { readonly failure: Reply }>
}

/**
 * Answers `$batch` with a body of parts. The first failure ends the batch, and its status is that of the whole;
 * when the client prefers `odata.continue-on-error`, all are carried out and the status is 200.
 */
export async function runBatch(
  request: Incoming,
  continueOnError: boolean,
  runner: BatchRunner,
): Promise<Reply> {
  const parts = readBatch(request)
  const boundary = `batchresponse_${randomUUID()}`
  const answers: string[] = []
  let status = 200
  for (const item of parts) {
    const { text, failure } =
      'changeSet' in item ? await answerChangeSet(item.changeSet, runner) : await answerSingle(item, runner)
    answers.push(`--${boundary}\r\n${text}`)
    if (failure === undefined || continueOnError) continue
    status = failure
    break
  }
  return {
    status,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}` },
    body: `${answers.join('')}--${boundary}--\r\n`,
  }
}

interface Answered {
  readonly text: string
  /** The status of what failed. */
  readonly failure?: number
}

function answered(text: string, failure: number | undefined): Answered {
  return failure === undefined ? { text } : { text, failure }
}

async function answerSingle(operation: BatchOperation, runner: BatchRunner): Promise<Answered> {
  const reply = await runner.run(operation)
  return answered(part(reply, operation.contentId), reply.status >= 400 ? reply.status : undefined)
}

async function answerChangeSet(
  operations: readonly BatchOperation[],
  runner: BatchRunner,
): Promise<Answered> {
  const outcome = await runner.runAll(operations)
  const boundary = `changesetresponse_${randomUUID()}`
  const failure = 'failure' in outcome ? outcome.failure : undefined
  const list = 'failure' in outcome ? [outcome.failure] : outcome.replies
  const inner = list
    .map(
      (reply, index) =>
        `--${boundary}\r\n${part(reply, failure === undefined ? operations[index]?.contentId : undefined)}`,
    )
    .join('')
  const text = `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${inner}--${boundary}--\r\n`
  return answered(text, failure?.status)
}

function part(reply: Reply, contentId: string | undefined): string {
  const headers = Object.entries(reply.headers ?? {}).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : value.join(', ')}\r\n`,
  )
  const id = contentId === undefined ? '' : `Content-ID: ${contentId}\r\n`
  const version = reply.body === undefined ? '' : 'OData-Version: 4.0\r\n'
  const body = reply.body === undefined ? '' : Buffer.from(reply.body).toString()
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${id}\r\nHTTP/1.1 ${reply.status} ${STATUS_TEXTS[reply.status] ?? 'Error'}\r\n${headers.join('')}${version}\r\n${body}\r\n`
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

function readBatch(request: Incoming): readonly BatchPart[] {
  const boundary = boundaryOf(request.headers['content-type'] ?? '')
  if (boundary === undefined)
    throw refuse('badUrl', "The 'multipart/mixed' content type of a batch request must have a boundary.")
  const parts = splitMultipart(Buffer.from(request.body).toString(), boundary).map(readPart)
  const count = parts.reduce((sum, item) => sum + ('changeSet' in item ? item.changeSet.length : 1), 0)
  if (count > MOST_OPERATIONS)
    throw refuse(
      'badUrl',
      `Number of operations in a batch exceeded the maximum allowed of ${MOST_OPERATIONS}.`,
    )
  return parts
}

function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\/mixed/i.test(contentType)) return undefined
  const match = /boundary="?([^";\s]+)"?/i.exec(contentType)
  return match?.[1]
}

/** The texts between `--boundary` lines, up to `--boundary--`. Line ends may be CRLF or LF. */
function splitMultipart(source: string, boundary: string): string[] {
  const parts: string[] = []
  let current: string[] | undefined
  for (const line of source.split(/\r?\n/)) {
    const mark = line.trimEnd()
    if (mark !== `--${boundary}` && mark !== `--${boundary}--`) {
      current?.push(line)
      continue
    }
    if (current !== undefined) parts.push(current.join('\r\n'))
    current = mark.endsWith(`${boundary}--`) ? undefined : []
  }
  return parts
}

function readPart(source: string): BatchPart {
  const { headers, body } = splitHeaders(source)
  const inner = boundaryOf(headers['content-type'] ?? '')
  if (inner === undefined) return readOperation(headers, body)
  return {
    changeSet: splitMultipart(body, inner).map((piece) => {
      const nested = splitHeaders(piece)
      return readOperation(nested.headers, nested.body)
    }),
  }
}

function readOperation(outer: Readonly<Record<string, string>>, source: string): BatchOperation {
  const trimmed = source.replace(/^(\r\n)+/, '')
  const end = trimmed.indexOf('\r\n')
  const line = end < 0 ? trimmed : trimmed.slice(0, end)
  const [, method, url] = /^([A-Z]+) (\S+)(?: HTTP\/\d\.\d)?\s*$/.exec(line) ?? []
  if (method === undefined || url === undefined)
    throw refuse('badUrl', `The request line '${line.slice(0, 100)}' of the batch is not valid.`)
  const { headers, body } = splitHeaders(end < 0 ? '' : trimmed.slice(end + 2))
  const contentId = outer['content-id'] ?? headers['content-id']
  return {
    method,
    url,
    headers,
    body: body.replace(/(\r\n)+$/, ''),
    ...(contentId === undefined ? {} : { contentId }),
  }
}

function splitHeaders(source: string): { headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = {}
  const lines = source.split('\r\n')
  let index = 0
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(':')
    if (line.trim() === '' || colon < 0) break
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, body: lines.slice(index + 1).join('\r\n') }
}
