import { isRecord, json, type Reply } from '../../http/exchange.ts'
import { asText } from '../../store/value.ts'
import type { Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { refuse } from '../errors.ts'
import { readQueryOptions } from '../query/query-options.ts'
import { parseKey } from '../url.ts'
import { deleteRow, insert, upsertRow } from './write.ts'

const NO_OPTIONS = readQueryOptions(new Map())

type Work = (
  targets: readonly Readonly<Record<string, unknown>>[],
  table: Table,
  call: Call,
) => Promise<object | undefined>

/** The key of a target: its primary key, or `@odata.id` with an alternate key. */
function keyOf(target: Readonly<Record<string, unknown>>, table: Table, call: Call) {
  const inside = /\((.*)\)$/.exec(asText(target['@odata.id']))?.[1]
  return inside === undefined ? { id: asText(target[table.primaryKey]) } : parseKey(inside, call.aliases)
}

/** The bulk operations on a table's set; each happens whole or not at all. */
const OPERATIONS: Readonly<Record<string, Work>> = {
  CreateMultiple: (targets, table, call) =>
    Promise.resolve({ Ids: targets.map((target) => insert(table, target, {}, call)[table.primaryKey]) }),
  UpdateMultiple(targets, table, call) {
    const update = { ...call, headers: { ...call.headers, 'if-match': '*' } }
    for (const target of targets) upsertRow(table, keyOf(target, table, call), target, update, NO_OPTIONS)
    return Promise.resolve(undefined)
  },
  UpsertMultiple(targets, table, call) {
    for (const target of targets) upsertRow(table, keyOf(target, table, call), target, call, NO_OPTIONS)
    return Promise.resolve(undefined)
  },
  async DeleteMultiple(targets, table, call) {
    for (const target of targets) await deleteRow(table, keyOf(target, table, call), call)
    return undefined
  },
}

/** `POST accounts/Microsoft.Dynamics.CRM.CreateMultiple` with `Targets`. */
export async function multiple(name: string, table: Table, body: unknown, call: Call): Promise<Reply> {
  const short = name.replace('Microsoft.Dynamics.CRM.', '')
  const work = OPERATIONS[short]
  if (work === undefined || !table.writable) throw refuse('notFoundPath', name)
  const given: unknown = isRecord(body) ? body['Targets'] : undefined
  if (!Array.isArray(given))
    throw refuse(
      'badPayload',
      table.entitySet,
      "The parameter 'Targets' is missing; the request could not be deserialized.",
    )
  const { store } = call.environment
  const before = store.snapshot()
  try {
    const result = await work(given.filter(isRecord), table, call)
    if (result === undefined) return { status: 204 }
    return json(200, {
      '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.${short}Response`,
      ...result,
    })
  } catch (error) {
    store.restore(before)
    throw error
  }
}
