import { randomUUID } from 'node:crypto'
import { isRecord } from '../http/exchange.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import { bytesOf as fileBytes, fileKey, FILES, storeFile } from '../odata/file-column.ts'
import type { Row } from '../store/store.ts'
import type { Table } from '../tables/table.ts'
import { bytesOf, required, textOf, type Arguments, type Operation } from './operation.ts'

const TRANSFERS = '(transfer)'
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

function transfer(input: Arguments, call: Call): Row {
  const row = call.environment.store.get(TRANSFERS, textOf(input, 'FileContinuationToken'))
  if (row === undefined) throw refuse('invalidArgument', 'The file continuation token is not valid.')
  return row
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
    handle(input, call) {
      const { table, row, column } = target(input, call)
      const token = randomUUID()
      call.environment.store.put(TRANSFERS, token, {
        table: table.logicalName,
        row: String(row[table.primaryKey] as string),
        column,
        blocks: {},
      })
      return { FileContinuationToken: token }
    },
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
      const blocks = isRecord(state['blocks']) ? state['blocks'] : {}
      call.environment.store.put(TRANSFERS, textOf(input, 'FileContinuationToken'), {
        ...state,
        blocks: { ...blocks, [textOf(input, 'BlockId')]: data } as Row,
      })
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
      const blocks = isRecord(state['blocks']) ? state['blocks'] : {}
      const list = (input['BlockList'] as readonly unknown[]).map((id) => blocks[String(id)])
      if (list.some((block) => !(block instanceof Uint8Array)))
        throw refuse('invalidArgument', 'The block list names a block that was not uploaded.')
      const content = Buffer.concat(list as Uint8Array[])
      const table = call.environment.tableNamed(String(state['table'] as string))
      const row =
        table === undefined ? undefined : call.environment.rowOf(table, String(state['row'] as string))
      if (table === undefined || row === undefined)
        throw refuse('noSuchRow', String(state['table'] as string), String(state['row'] as string))
      const id = storeFile(
        table,
        row,
        String(state['column'] as string),
        textOf(input, 'FileName'),
        content,
        call,
      )
      return { FileId: id, FileSizeInBytes: content.length }
    },
  },
  {
    name: 'InitializeFileBlocksDownload',
    kind: 'action',
    parameters: [required('Target', 'mscrm.crmbaseentity'), required('FileAttributeName', 'Edm.String')],
    returns: 'InitializeFileBlocksDownloadResponse',
    handle(input, call) {
      const { table, row, column } = target(input, call)
      const file = call.environment.store.get(FILES, fileKey(table, row, column))
      if (file === undefined)
        throw refuse('invalidArgument', `No file attachment found for attribute: ${column}.`)
      const token = randomUUID()
      call.environment.store.put(TRANSFERS, token, { file: fileKey(table, row, column) })
      return {
        FileContinuationToken: token,
        FileSizeInBytes: fileBytes(file).length,
        FileName: file['name'],
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
      const file = call.environment.store.get(FILES, String(transfer(input, call)['file'] as string))
      const offset = Number(input['Offset'])
      return {
        Data: Buffer.from(fileBytes(file))
          .subarray(offset, offset + Number(input['BlockLength']))
          .toString('base64'),
      }
    },
  },
]
