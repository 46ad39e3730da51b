import type { Row } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { json, type Reply } from '../../http/exchange.ts'
import type { StoredFile } from '../../store/store.ts'
import type { Column, Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { refuse } from '../errors.ts'
import type { Ask } from '../ask.ts'
import { update } from './write.ts'

/** The chunk size that the service asks clients to use: 4 MB. */
const CHUNK = 4_194_304

/** Reads, writes (whole or in chunks) and removes the content of a file column. */
export function fileColumn(
  table: Table,
  row: Row,
  column: Column,
  isRaw: boolean,
  ask: Ask,
  call: Call,
): Reply {
  const key = fileKey(table, row, column.name)
  const { store } = call.environment
  if (ask.method === 'GET') return download(store.files.get(key), ask, call, isRaw)
  if (ask.method === 'DELETE') {
    store.files.remove(key)
    update(table, row, { [column.name]: null }, call)
    return { status: 204 }
  }
  if (ask.method !== 'PUT' && ask.method !== 'PATCH') throw refuse('wrongVerb', ask.method)
  if (
    ask.request.headers['x-ms-transfer-mode'] === 'chunked' &&
    ask.request.headers['content-range'] === undefined
  ) {
    const location = `${call.root}${ask.resource}?sessiontoken=emulated-upload-session&x-ms-file-name=${encodeURIComponent(fileName(ask))}`
    return {
      status: 200,
      headers: { Location: location, 'x-ms-chunk-size': String(CHUNK), 'Accept-Ranges': 'bytes' },
    }
  }
  const range = /bytes (\d+)-(\d+)\/(\d+)/.exec(ask.request.headers['content-range'] ?? '')
  const before =
    range === null || range[1] === '0'
      ? new Uint8Array()
      : (store.files.get(key)?.content ?? new Uint8Array())
  const content = Buffer.concat([before, ask.body])
  storeFile(table, row, column.name, fileName(ask), content, call)
  const isPart = range !== null && Number(range[2]) + 1 < Number(range[3])
  return { status: isPart ? 206 : 204 }
}

/** Puts a file into a column; returns its id. */
export function storeFile(
  table: Table,
  row: Row,
  column: string,
  name: string,
  content: Uint8Array,
  call: Call,
): string {
  const id = asText(row[table.primaryKey])
  call.environment.store.files.put(fileKey(table, row, column), { name, content })
  update(
    table,
    call.environment.rowOf(table, id) ?? row,
    { [column]: id, ...(table.columns.has(`${column}_name`) ? { [`${column}_name`]: name } : {}) },
    call,
  )
  return id
}

export function fileKey(table: Table, row: Row, column: string): string {
  return `${table.logicalName}/${asText(row[table.primaryKey])}/${column}`
}

function fileName(ask: Ask): string {
  return (
    ask.request.headers['x-ms-file-name'] ?? new URLSearchParams(ask.query).get('x-ms-file-name') ?? 'file'
  )
}

/** With `/$value` the bytes themselves; without it, the bytes in base64 as the property's value. */
function download(file: StoredFile | undefined, ask: Ask, call: Call, isRaw: boolean): Reply {
  if (file === undefined) return { status: 204 }
  const { name, content } = file
  const range = /bytes=(\d+)-(\d+)?/.exec(ask.request.headers['range'] ?? '')
  const start = range === null ? 0 : Number(range[1])
  const end = Math.min(range?.[2] === undefined ? content.length - 1 : Number(range[2]), content.length - 1)
  const part = content.subarray(start, end + 1)
  const resource = ask.resource.replace(/\/\$value$/, '')
  const headers = {
    'Content-Disposition': `attachment; filename="${name}"`,
    'x-ms-file-name': name,
    'x-ms-file-size': String(content.length),
    Location: `${call.root}${resource}?sessiontoken=emulated-download-session`,
    ...(range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${content.length}` }),
  }
  const status = range === null ? 200 : 206
  if (isRaw)
    return { status, headers: { ...headers, 'Content-Type': 'application/octet-stream' }, body: part }
  const value = Buffer.from(part).toString('base64')
  return json(status, { '@odata.context': `${call.root}$metadata#${resource}`, value }, headers)
}
