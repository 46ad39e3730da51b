import type { Row, Value } from '../../store/row.ts'
import { isGuid } from '../../stable-id.ts'
import { text } from '../../store/value.ts'
import type { Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { refuse } from '../errors.ts'
import { parseKey, type Key } from '../url.ts'

/** Finds the row that a key names; an alternate key compares without regard to case. */
export function findRow(table: Table, key: Key, call: Call): Row | undefined {
  const { environment } = call
  if ('id' in key) {
    return isGuid(key.id) ? environment.rowOf(table, key.id.toLowerCase()) : undefined
  }
  return environment
    .rowsOf(table)
    .find((row) =>
      [...key.columns].every(([name, literal]) =>
        sameValue(row[name.replace(/^_(.+)_value$/, '$1')], literal.value),
      ),
    )
}

const UNRECOGNIZED =
  'URL was not parsed due to an ODataUnrecognizedPathException. Resource not found for the segment provided in the URL.'

/** Text is compared without regard to case. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  return typeof left === 'string' && typeof right === 'string'
    ? left.toLowerCase() === right.toLowerCase()
    : (left ?? null) === (right ?? null)
}

export function missingRow(table: Table, key: Key): Error {
  return 'id' in key ? refuse('noSuchRow', table.logicalName, key.id) : refuse('noSuchKey', table.logicalName)
}

/** The key of the row that `/publishers(guid)` or a whole address names. */
export function referencedId(reference: string, target: string, call: Call): string {
  const match = /(?:^|\/)([A-Za-z_]\w*)\((.*)\)$/.exec(reference.replace(/%28/g, '(').replace(/%29/g, ')'))
  const table = match?.[1] === undefined ? undefined : call.environment.tableOfSet(match[1])
  if (table === undefined || match?.[2] === undefined) throw refuse('badUrl', UNRECOGNIZED)
  if (target !== '' && table.logicalName !== target) {
    throw refuse('badPayload', table.entitySet, `The reference '${reference}' does not point to '${target}'.`)
  }
  const key = parseKey(match[2], call.aliases)
  const row = findRow(table, key, call)
  if (row === undefined) throw missingRow(table, key)
  return text(row, table.primaryKey)
}
