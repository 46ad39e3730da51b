import { randomUUID, type KeyObject } from 'node:crypto'
import type { Environment } from '../environment.ts'
import { bearer, json, type Handler, type Incoming, type Reply } from '../http/exchange.ts'
import { settleJobs } from '../jobs/settle.ts'
import { authenticate, challenge, NotAuthenticated } from '../security/authenticate.ts'
import { createServiceProtection } from '../security/service-protection.ts'
import { runBatch, type BatchOperation } from './batch.ts'
import { readPreferences, type Call } from './call.ts'
import { ApiError, refuse } from './errors.ts'
import { route } from './route.ts'
import { atLevel, metadataLevel } from './media-type.ts'
import { parseQuery } from './url.ts'

const SERVED_VERSION = /^\/api\/data\/(v(?:8\.[0-2]|9\.[0-2]))(?:\/(.*))?$/i

/** The Web API of one environment. Requests are carried out one after the other, so that each sees a whole state. */
export function createWebApi(environment: Environment, entraKey: KeyObject): Handler {
  const protection = createServiceProtection(environment)
  let turn: Promise<unknown> = Promise.resolve()
  return async (request) => {
    const refused = protection.begin(request)
    try {
      if (refused !== undefined)
        return withServiceHeaders(failureReply(refused, request), request, protection.remaining())
      const reply = turn.then(() => answer(request, environment, entraKey))
      turn = reply.catch(() => undefined)
      return withServiceHeaders(await reply, request, protection.remaining())
    } finally {
      protection.end()
    }
  }
}

function withServiceHeaders(reply: Reply, request: Incoming, remaining: number): Reply {
  return { ...reply, headers: { ...serviceHeaders(request, remaining), ...reply.headers } }
}

async function answer(request: Incoming, environment: Environment, entraKey: KeyObject): Promise<Reply> {
  try {
    await settleJobs(environment)
    const versioned = SERVED_VERSION.exec(request.path)
    if (versioned?.[1] === undefined) return unversioned(request, environment)
    const user = authenticate(bearer(request), environment, entraKey)
    const call = { ...startCall(request, environment, versioned[1]), user }
    const resource = versioned[2] ?? ''
    if (resource === '$batch' || resource === '%24batch') {
      if (request.method !== 'POST') throw refuse('wrongVerb', request.method)
      return await runBatch(request, call.preferences.continueOnError, batchRunner(call, request))
    }
    const reply = await route(
      { method: request.method, resource, query: request.query, body: request.body, request },
      call,
    )
    await settleJobs(environment)
    return atLevel(reply, call.metadata)
  } catch (error) {
    if (error instanceof NotAuthenticated) return challenge(error, environment, request)
    return failureReply(error, request)
  }
}

function startCall(request: Incoming, environment: Environment, version: string): Omit<Call, 'user'> {
  return {
    environment,
    version,
    root: `${request.origin}/api/data/${version}/`,
    headers: request.headers,
    preferences: readPreferences(request.headers['prefer']),
    metadata: metadataLevel(request.headers['accept']),
    now: request.arrivedAt,
    aliases: aliasesOf(request.query),
  }
}

function aliasesOf(query: string): ReadonlyMap<string, string> {
  return new Map([...parseQuery(query)].filter(([name]) => name.startsWith('@')))
}

/** What does not look like a served version of the Web API. */
function unversioned(request: Incoming, environment: Environment): Reply {
  const version = /^\/api\/data\/v(\d+\.\d+)(\/|$)/i.exec(request.path)?.[1]
  if (version !== undefined) return failureReply(refuse('versionNotServed', version), request)
  if (/^\/api\/data(\/|$)/i.test(request.path)) {
    return json(400, {
      Message:
        'Requested API Version must be provided.  Please provide in the format /api/data/v<Major>.<Minor>/',
    })
  }
  if (request.path === '/') {
    return {
      status: 200,
      headers: { 'Content-Type': 'text/plain' },
      body: `${environment.name}: an emulated Dataverse environment. Its Web API is at /api/data/v9.2/.`,
    }
  }
  return failureReply(refuse('notFoundPath', request.path), request)
}

function batchRunner(call: Call, request: Incoming) {
  const references = new Map<string, string>()
  const run = async (operation: BatchOperation): Promise<Reply> => {
    try {
      return await runOne(operation, call, request, references)
    } catch (error) {
      return failureReply(error, request)
    }
  }
  return {
    run,
    async runAll(operations: readonly BatchOperation[]) {
      const before = call.environment.store.snapshot()
      const replies: Reply[] = []
      for (const operation of operations) {
        // Queries do not belong in a change set.
        const reply =
          operation.method === 'GET'
            ? failureReply(
                refuse('badUrl', 'An invalid HTTP method GET was detected in a change set.'),
                request,
              )
            : await run(operation)
        if (reply.status >= 400) {
          call.environment.store.restore(before)
          call.environment.forgetTables()
          return { failure: reply }
        }
        replies.push(reply)
      }
      return { replies }
    },
  }
}

async function runOne(
  operation: BatchOperation,
  call: Call,
  request: Incoming,
  references: Map<string, string>,
): Promise<Reply> {
  const { resource, query } = batchTarget(operation.url, references)
  const body = operation.body.replace(/"\$(\w+)"/g, (whole, id: string) => {
    const address = references.get(id)
    return address === undefined ? whole : `"${address}"`
  })
  const inner: Incoming = {
    ...request,
    method: operation.method,
    headers: { ...operation.headers },
    body: Buffer.from(body),
  }
  const metadata = metadataLevel(inner.headers['accept'] ?? request.headers['accept'])
  const reply = await route(
    { method: operation.method, resource, query, body: inner.body, request: inner },
    {
      ...call,
      headers: inner.headers,
      preferences: readPreferences(inner.headers['prefer']),
      metadata,
      aliases: aliasesOf(query),
    },
  )
  const address = reply.headers?.['OData-EntityId']
  if (operation.contentId !== undefined && typeof address === 'string')
    references.set(operation.contentId, address)
  return atLevel(reply, metadata)
}

/** `$1` stands for the address of the row that the request with that Content-ID made. */
function batchTarget(
  url: string,
  references: ReadonlyMap<string, string>,
): { resource: string; query: string } {
  const resolved = url.replace(/^\/?\$(\w+)(?=$|[/?])/, (whole, id: string) => references.get(id) ?? whole)
  const path = resolved.replace(/^https?:\/\/[^/]+/i, '')
  const mark = path.indexOf('?')
  const bare = mark < 0 ? path : path.slice(0, mark)
  return {
    resource: bare.replace(/^\/?api\/data\/v\d+\.\d+\//i, '').replace(/^\//, ''),
    query: mark < 0 ? '' : path.slice(mark + 1),
  }
}

function failureReply(error: unknown, request: Incoming): Reply {
  const known = error instanceof ApiError ? error : refuse('unexpected')
  const details = readPreferences(request.headers['prefer']).annotations.includes('*')
    ? {
        '@Microsoft.PowerApps.CDS.ErrorDetails.HttpStatusCode': String(known.status),
        '@Microsoft.PowerApps.CDS.HelpLink': `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${known.code}&client=platform`,
        '@Microsoft.PowerApps.CDS.TraceText': '',
        '@Microsoft.PowerApps.CDS.InnerError.Message': known.message,
      }
    : {}
  return json(
    known.status,
    { error: { code: known.code, message: known.message, ...details } },
    { 'Content-Type': 'application/json; odata.metadata=minimal', ...known.headers },
  )
}

/** The headers of every answer. Ids come twice, joined with a comma; seconds with a thousands comma. */
function serviceHeaders(request: Incoming, remaining: number): Record<string, string | readonly string[]> {
  const id = request.headers['x-ms-client-request-id'] ?? randomUUID()
  const service = randomUUID()
  return {
    'Cache-Control': 'no-cache',
    Expires: '-1',
    'OData-Version': '4.0',
    'x-ms-service-request-id': `${service},${id}`,
    REQ_ID: `${service},${service}`,
    AuthActivityId: randomUUID(),
    'CRM.ServiceId': 'CRMAppPool',
    'x-ms-dop-hint': '4',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(remaining),
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'Set-Cookie': [
      'ARRAffinity=00000000000000000000000000000001; path=/; HttpOnly',
      `ReqClientId=${service}; path=/; HttpOnly`,
    ],
    Public: 'OPTIONS,GET,HEAD,POST',
    Allow: 'OPTIONS,GET,HEAD,POST',
  }
}
