import { refuse } from '../odata/errors.ts'
import { required, type Operation } from './operation.ts'

export const RECORD_OPERATIONS: readonly Operation[] = [
  {
    // The service answers from a snapshot that can be a day old; here the numbers are those of the moment.
    name: 'RetrieveTotalRecordCount',
    kind: 'function',
    parameters: [required('EntityNames', 'Collection(Edm.String)')],
    returns: 'RetrieveTotalRecordCountResponse',
    handle(input, { environment }) {
      const names: readonly unknown[] = Array.isArray(input['EntityNames']) ? input['EntityNames'] : []
      const tables = names.map((name) => {
        const table = environment.tableNamed(String(name))
        if (table === undefined) throw refuse('noSuchTable', String(name))
        return table
      })
      return {
        EntityRecordCountCollection: {
          Count: tables.length,
          IsReadOnly: false,
          Keys: tables.map(({ logicalName }) => logicalName),
          Values: tables.map((table) => environment.rowsOf(table).length),
        },
      }
    },
  },
]
