import type { Column } from '../../tables/table.ts'

/** What the metadata call the types of columns. */
export const EDM_TYPES: Readonly<Record<Column['type'], string>> = {
  key: 'Edm.Guid',
  guid: 'Edm.Guid',
  lookup: 'Edm.Guid',
  owner: 'Edm.Guid',
  text: 'Edm.String',
  memo: 'Edm.String',
  int: 'Edm.Int32',
  long: 'Edm.Int64',
  double: 'Edm.Double',
  boolean: 'Edm.Boolean',
  choice: 'Edm.Int32',
  time: 'Edm.DateTimeOffset',
  managed: 'mscrm.BooleanManagedProperty',
  file: 'Edm.Guid',
}
