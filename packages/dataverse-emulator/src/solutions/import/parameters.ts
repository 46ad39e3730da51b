import type { ComponentParameter } from './import-options.ts'
import { text } from '../../store/value.ts'
import { isoSeconds } from '../../clock.ts'
import { isRecord } from '../../http/exchange.ts'
import { normalizeGuid } from '../../stable-id.ts'
import type { ArchiveContent } from '../archive/content.ts'
import { newRow, storeRow, type Actor } from '../solution-row.ts'

/** Reads the collection; `#Microsoft.Dynamics.CRM.x` and `Microsoft.Dynamics.CRM.x` are the same. */
export function readParameters(given: unknown): readonly ComponentParameter[] {
  if (!Array.isArray(given)) return []
  return given.flatMap((item: unknown) => {
    if (!isRecord(item)) return []
    const type = item['@odata.type']
    return typeof type === 'string'
      ? [{ table: type.replace(/^#?(Microsoft\.Dynamics\.CRM|mscrm)\./, ''), values: item }]
      : []
  })
}

/** Applies the parameters. One that names nothing in the environment is ignored, as the service does. */
export function applyParameters(
  actor: Actor,
  content: ArchiveContent,
  parameters: readonly ComponentParameter[],
): void {
  for (const { table, values } of parameters) {
    if (table === 'connectionreference') bindConnection(actor, values)
    if (table === 'environmentvariablevalue') setVariable(actor, content, values)
  }
}

function word(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name]
  return typeof value === 'string' ? value : ''
}

function bindConnection(actor: Actor, values: Readonly<Record<string, unknown>>): void {
  const name = word(values, 'connectionreferencelogicalname').toLowerCase()
  const row = actor.environment.store.find(
    'connectionreference',
    (item) => text(item, 'connectionreferencelogicalname').toLowerCase() === name,
  )
  if (row === undefined || word(values, 'connectionid') === '') return
  storeRow(actor.environment, 'connectionreference', {
    ...row,
    connectionid: word(values, 'connectionid'),
    modifiedon: isoSeconds(actor.now),
  })
}

/** With the id of a value row, that row changes; without it, the one row of the definition does, or is made. */
function setVariable(actor: Actor, content: ArchiveContent, values: Readonly<Record<string, unknown>>): void {
  const { environment } = actor
  const schemaName = word(values, 'schemaname')
  const definition = environment.store.find(
    'environmentvariabledefinition',
    (item) => text(item, 'schemaname').toLowerCase() === schemaName.toLowerCase(),
  )
  if (definition === undefined) return
  const id = normalizeGuid(word(values, 'environmentvariablevalueid'))
  const known = environment.store.find(
    'environmentvariablevalue',
    (item) =>
      item['environmentvariablevalueid'] === id ||
      item['environmentvariabledefinitionid'] === definition['environmentvariabledefinitionid'],
  )
  const value = word(values, 'value')
  if (known !== undefined) {
    storeRow(environment, 'environmentvariablevalue', { ...known, value, modifiedon: isoSeconds(actor.now) })
    return
  }
  storeRow(
    environment,
    'environmentvariablevalue',
    newRow(actor, 'environmentvariablevalue', {
      ...(id === undefined ? {} : { environmentvariablevalueid: id }),
      schemaname: text(definition, 'schemaname'),
      value,
      environmentvariabledefinitionid: definition['environmentvariabledefinitionid'] ?? null,
      introducedversion: content.version,
    }),
  )
}
