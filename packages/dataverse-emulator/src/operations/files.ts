import type { Row } from '../store/row.ts'
import { text } from '../store/value.ts'
import { randomUUID } from 'node:crypto'
import { isRecord } from '../http/exchange.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import { fileKey, storeFile } from '../odata/rows/file-column.ts'
import type { StoredFile, Transfer } from '../store/store.ts'
import type { Table } from '../tables/table.ts'
import { bytesOf, required, textOf, type Arguments, type Operation } from './operation.ts'

/** A block holds 4 MB at most. */
const LARGEST_BLOCK = 4_194_304

/** The row and column that a transfer is about. */
function target(input: Arguments, call: Call): { table: Table; row: Row; column: string } {
  const given = isRecord(input['Target']) ? input['Target'] : {}
  const type =
    typeof given['@odata.type'] === 'string'
      ? given['@odata.type'].replace(/^#?(Microsoft\.Dynamics\.CRM|mscrm)\./, '')
      : ''
  const table = call.environment.tableNamed(type)
  const id = table === undefined ? undefined : given[table.primaryKey]
  const row =
    table === undefined || typeof id !== 'string'
      ? undefined
      : call.environment.rowOf(table, id.toLowerCase())
  if (table === undefined || row === undefined) throw refuse('noSuchRow', type, String(id))
  const column = textOf(input, 'FileAttributeName')
  if (table.columns.get(column)?.type !== 'file')
    throw refuse('invalidArgument', `'${column}' is not a file column of '${type}'.`)
  return { table, row, column }
}

function transfer(input: Arguments, call: Call): Transfer {
  const found = call.environment.store.transfers.get(textOf(input, 'FileContinuationToken'))
  if (found === undefined) throw refuse('invalidArgument', 'The file continuation token is not valid.')
  return found
}

function beginTransfer(input: Arguments, call: Call): { token: string; file: StoredFile | undefined } {
  const { table, row, column } = target(input, call)
  const token = randomUUID()
  const id = text(row, table.primaryKey)
  call.environment.store.transfers.put(token, {
    table: table.logicalName,
    row: id,
    column,
    blocks: new Map(),
  })
  return { token, file: call.environment.store.files.get(fileKey(table, row, column)) }
}

export const FILE_OPERATIONS: readonly Operation[] = [
  {
    name: 'InitializeFileBlocksUpload',
    kind: 'action',
    parameters: [
      required('Target', 'mscrm.crmbaseentity'),
      required('FileAttributeName', 'Edm.String'),
      required('FileName', 'Edm.String'),
    ],
    returns: 'InitializeFileBlocksUploadResponse',
    handle: (input, call) => ({ FileContinuationToken: beginTransfer(input, call).token }),
  },
  {
    name: 'UploadBlock',
    kind: 'action',
    parameters: [
      required('BlockId', 'Edm.String'),
      required('BlockData', 'Edm.Binary'),
      required('FileContinuationToken', 'Edm.String'),
    ],
    handle(input, call) {
      const state = transfer(input, call)
      const data = bytesOf(input, 'BlockData') ?? new Uint8Array()
      if (data.length > LARGEST_BLOCK)
        throw refuse('invalidArgument', `A block can hold ${LARGEST_BLOCK} bytes at most.`)
      const blocks = new Map([...state.blocks, [textOf(input, 'BlockId'), data]])
      call.environment.store.transfers.put(textOf(input, 'FileContinuationToken'), { ...state, blocks })
    },
  },
  {
    name: 'CommitFileBlocksUpload',
    kind: 'action',
    parameters: [
      required('FileName', 'Edm.String'),
      required('MimeType', 'Edm.String'),
      required('BlockList', 'Collection(Edm.String)'),
      required('FileContinuationToken', 'Edm.String'),
    ],
    returns: 'CommitFileBlocksUploadResponse',
    handle(input, call) {
      const state = transfer(input, call)
      const ids: readonly unknown[] = Array.isArray(input['BlockList']) ? input['BlockList'] : []
      const blocks = ids.map((id) => (typeof id === 'string' ? state.blocks.get(id) : undefined))
      if (blocks.includes(undefined))
        throw refuse('invalidArgument', 'The block list names a block that was not uploaded.')
      const content = Buffer.concat(blocks.filter((block) => block !== undefined))
      const table = call.environment.tableNamed(state.table)
      const row = table === undefined ? undefined : call.environment.rowOf(table, state.row)
      if (table === undefined || row === undefined) throw refuse('noSuchRow', state.table, state.row)
      const id = storeFile(table, row, state.column, textOf(input, 'FileName'), content, call)
      return { FileId: id, FileSizeInBytes: content.length }
    },
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: [required('Target', 'mscrm.crmbaseentity'), required('FileAttributeName', 'Edm.String')],
    returns: 'InitializeFileBlocksDownloadResponse',
    handle(input, call) {
      const { token, file } = beginTransfer(input, call)
      if (file === undefined)
        throw refuse(
          'invalidArgument',
          `No file attachment found for attribute: ${textOf(input, 'FileAttributeName')}.`,
        )
      return {
        FileContinuationToken: token,
        FileSizeInBytes: file.content.length,
        FileName: file.name,
        IsChunkingSupported: true,
      }
    },
  },
  {
    name: 'DownloadBlock',
    kind: 'action',
    parameters: [
      required('Offset', 'Edm.Int64'),
      required('BlockLength', 'Edm.Int64'),
      required('FileContinuationToken', 'Edm.String'),
    ],
    returns: 'DownloadBlockResponse',
    handle(input, call) {
      const { table, row, column } = transfer(input, call)
      const file = call.environment.store.files.get(`${table}/${row}/${column}`)
      const offset = Number(input['Offset'])
      return {
        Data: Buffer.from(file?.content ?? [])
          .subarray(offset, offset + Number(input['BlockLength']))
          .toString('base64'),
      }
    },
  },
]
