import { isRecord, parseJson, type Reply } from '../http/exchange.ts'

/** How much an answer tells besides the data: what `odata.metadata` in `Accept` asks for. */
export type MetadataLevel = 'none' | 'minimal' | 'full'

export function metadataLevel(accept: string | undefined): MetadataLevel {
  const asked = /odata\.metadata\s*=\s*"?(none|minimal|full)/i.exec(accept ?? '')?.[1]?.toLowerCase()
  return asked === 'none' || asked === 'full' ? asked : 'minimal'
}

/** An answer of JSON with the content type, and without the control members, that its level has (OData JSON 4.0, 3.1). */
export function atLevel(reply: Reply, level: MetadataLevel): Reply {
  const type = reply.headers?.['Content-Type']
  if (typeof type !== 'string' || !type.startsWith('application/json')) return reply
  return {
    ...reply,
    headers: { ...reply.headers, 'Content-Type': `application/json; odata.metadata=${level}` },
    ...(level === 'none' && reply.status < 400 ? { body: withoutControl(reply.body) } : {}),
  }
}

/** What even an answer without metadata keeps: without it a client could not go on. */
const KEPT = /^@odata\.(nextLink|count)$|^@Microsoft\.Dynamics\.CRM\.|@OData\.Community\.|@odata\.nextLink$/

function withoutControl(body: Reply['body']): string {
  const value = parseJson(Buffer.from(body ?? '').toString())
  return JSON.stringify(stripped(value))
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes('@odata.') || KEPT.test(name))
      .map(([name, member]) => [name, stripped(member)]),
  )
}
