import type { Row } from '../../store/row.ts'
import { json, type Reply } from '../../http/exchange.ts'
import type { Table } from '../../tables/table.ts'
import { wantsAnnotation, type Call } from '../call.ts'
import { refuse } from '../errors.ts'
import type { FetchQuery } from '../query/fetch-xml.ts'
import type { QueryOptions } from '../query/query-options.ts'
import { selectRows } from '../query/select-rows.ts'
import { contextUrl, etagOf, serializeRow } from './serialize.ts'

/** The service's page size, and the highest count that it gives. */
const PAGE = 5000

const TOTAL = 'Microsoft.Dynamics.CRM.totalrecordcount'
const TOTAL_EXCEEDED = 'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'

/** Answers a collection, a page at a time. `path` is the resource path for the next page's address. */
export function readCollection(
  rows: readonly Row[],
  table: Table,
  options: QueryOptions,
  call: Call,
  path: string,
  query: string,
): Reply {
  const found = selectRows(rows, table, options, call)
  const start = options.skipToken === undefined ? 0 : readSkipToken(options.skipToken)
  const size =
    options.top === undefined
      ? Math.min(call.preferences.maxPageSize ?? PAGE, PAGE)
      : Math.min(options.top, PAGE)
  const page = found.slice(start, start + size)
  const isMore = options.top === undefined && start + size < found.length
  const body: Record<string, unknown> = { '@odata.context': contextUrl(table, options, call, false) }
  if (wantsAnnotation(call.preferences, TOTAL)) {
    body[`@${TOTAL}`] = options.count ? Math.min(found.length, PAGE) : -1
    body[`@${TOTAL_EXCEEDED}`] = options.count && found.length > PAGE
  }
  if (options.count) body['@odata.count'] = Math.min(found.length, PAGE)
  body['value'] = page.map((row) => serializeRow(row, table, options, call))
  if (isMore) body['@odata.nextLink'] = nextLink(call.root, path, query, start + size, size)
  return json(200, body, appliedPreferences(call))
}

/** Answers a FetchXML query; a further page is asked for by number, with the cookie of the answer before. */
export function readFetch(query: FetchQuery, table: Table, call: Call): Reply {
  const { options, page, pageSize = PAGE } = query
  const found = selectRows(query.rows, table, options, call).slice(0, options.top)
  const rows = found.slice((page - 1) * pageSize, page * pageSize)
  const body: Record<string, unknown> = { '@odata.context': contextUrl(table, options, call, false) }
  if (options.count) body[`@${TOTAL}`] = Math.min(found.length, PAGE)
  if (found.length > page * pageSize) {
    const cookie = encodeURIComponent(encodeURIComponent(`<cookie page="${page}"></cookie>`))
    body['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'] =
      `<cookie pagenumber="${page + 1}" pagingcookie="${cookie}" istracking="False" />`
    body['@Microsoft.Dynamics.CRM.morerecords'] = true
  }
  body['value'] = rows.map((row) => serializeRow(row, table, options, call))
  return json(200, body, appliedPreferences(call))
}

export function countRows(rows: readonly Row[], table: Table, options: QueryOptions, call: Call): Reply {
  const found = selectRows(rows, table, options, call)
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain' },
    body: String(Math.min(found.length, PAGE)),
  }
}

/** Answers one row; 304 when the asker has it already. */
export function readRow(row: Row, table: Table, options: QueryOptions, call: Call): Reply {
  const known = call.headers['if-none-match']
  if (known !== undefined && table.hasVersion && known === etagOf(row)) return { status: 304 }
  const body = {
    '@odata.context': contextUrl(table, options, call, true),
    ...serializeRow(row, table, options, call),
  }
  return json(200, body, { ...(table.hasVersion ? { ETag: etagOf(row) } : {}), ...appliedPreferences(call) })
}

export function appliedPreferences(call: Call): Record<string, string> {
  const { maxPageSize, annotations, returnRepresentation } = call.preferences
  const applied = [
    ...(maxPageSize === undefined ? [] : [`odata.maxpagesize=${maxPageSize}`]),
    ...(annotations.length === 0 ? [] : [`odata.include-annotations="${annotations.join(',')}"`]),
    ...(returnRepresentation ? ['return=representation'] : []),
  ]
  return applied.length === 0 ? {} : { 'Preference-Applied': applied.join(',') }
}

/** The token is opaque to clients; like the service's own it is a paging cookie in XML. */
function nextLink(root: string, path: string, query: string, start: number, size: number): string {
  const cookie = `<cookie pagenumber="${Math.floor(start / size) + 1}" pagingcookie="${start}" istracking="False" />`
  const others = query.split('&').filter((piece) => piece !== '' && !/^(\$|%24)skiptoken=/i.test(piece))
  return `${root}${path}?${[...others, `$skiptoken=${encodeURIComponent(cookie)}`].join('&')}`
}

function readSkipToken(token: string): number {
  const start = /pagingcookie="(\d+)"/.exec(token)?.[1]
  if (start === undefined) throw refuse('badUrl', 'Malformed XML in the Paging Cookie')
  return Number(start)
}
