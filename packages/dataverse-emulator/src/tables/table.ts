type ColumnType =
  | 'key'
  | 'guid'
  | 'text'
  | 'memo'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'time'
  | 'choice'
  | 'lookup'
  | 'owner'
  | 'managed'
  | 'file'

export interface Column {
  /** Logical name. A lookup is served as `_name_value`. */
  readonly name: string
  readonly type: ColumnType
  readonly required: boolean
  /** Set by the service; a value in a request is ignored. */
  readonly readOnly: boolean
  readonly maxLength?: number
  readonly range?: readonly [number, number]
  /** Labels by value, of a choice. */
  readonly options?: ReadonlyMap<number, string>
  /** Logical name of the table that a lookup points at. */
  readonly target?: string
  /** The single-valued navigation property of a lookup. */
  readonly navigation?: string
  readonly default?: string | number | boolean
}

/** A collection-valued navigation property: the rows of `table` whose `column` points here, or by way of an intersect table. */
export interface Collection {
  readonly table: string
  readonly column?: string
  readonly through?: { readonly table: string; readonly own: string; readonly other: string }
}

export interface Table {
  readonly logicalName: string
  readonly entitySet: string
  readonly displayName: string
  readonly primaryKey: string
  readonly primaryName: string
  readonly columns: ReadonlyMap<string, Column>
  readonly alternateKeys: readonly (readonly string[])[]
  readonly collections: Readonly<Record<string, Collection>>
  /** Tables that the service computes, or fills by itself, refuse writes. */
  readonly writable: boolean
  readonly hasVersion: boolean
  readonly objectTypeCode: number
  /** `$select` is ignored (msdyn_componentlayers). */
  readonly ignoresSelect: boolean
  /** Columns that can be filtered by and are null in every answer. */
  readonly alwaysNull: ReadonlySet<string>
  /** Filters on these columns answer 400 (booleans of component summaries). */
  readonly unfilterable: ReadonlySet<string>
}

export interface TableSheet {
  readonly logicalName: string
  readonly entitySet: string
  readonly displayName?: string
  readonly primaryName?: string
  readonly columns: string
  readonly alternateKeys?: readonly (readonly string[])[]
  readonly collections?: Readonly<Record<string, Collection>>
  readonly writable?: boolean
  readonly objectTypeCode?: number
  readonly ignoresSelect?: boolean
  readonly unfilterable?: readonly string[]
  readonly alwaysNull?: readonly string[]
}

/**
 * Reads a table's data sheet. A line of `columns` is a name, a type and its particulars:
 *
 *     publisherid  lookup publisher required
 *     version      text max=256 default=1.0
 *     statecode    choice 0=Active 1=Inactive default=0
 *     createdby    lookup systemuser readonly nav=createdby
 */
export function defineTable(sheet: TableSheet): Table {
  const columns = new Map<string, Column>()
  for (const line of sheet.columns.split('\n')) {
    const words = line.trim().split(/\s+/)
    if (words.length < 2) continue
    const column = readColumn(words, sheet.logicalName)
    columns.set(column.name, column)
  }
  const primaryKey = [...columns.values()].find((column) => column.type === 'key')?.name
  if (primaryKey === undefined) throw new Error(`The table ${sheet.logicalName} has no key column.`)
  return {
    logicalName: sheet.logicalName,
    entitySet: sheet.entitySet,
    displayName: sheet.displayName ?? sheet.logicalName,
    primaryKey,
    primaryName: sheet.primaryName ?? (columns.has('name') ? 'name' : primaryKey),
    columns,
    alternateKeys: sheet.alternateKeys ?? [],
    collections: sheet.collections ?? {},
    writable: sheet.writable ?? true,
    hasVersion: columns.has('versionnumber'),
    objectTypeCode: sheet.objectTypeCode ?? 10_000,
    ignoresSelect: sheet.ignoresSelect ?? false,
    unfilterable: new Set(sheet.unfilterable),
    alwaysNull: new Set(sheet.alwaysNull),
  }
}

const OPTION = /^(-?\d+)=(.+)$/
const SETTING = /^([a-z]+)=(.*)$/

function readColumn(words: readonly string[], table: string): Column {
  const [name = '', type = '', ...rest] = words
  const options = new Map<number, string>()
  const settings = new Map<string, string>()
  const flags = new Set<string>()
  for (const word of rest) {
    const option = OPTION.exec(word)
    const setting = SETTING.exec(word)
    if (option?.[1] !== undefined && option[2] !== undefined)
      options.set(Number(option[1]), option[2].replaceAll('_', ' '))
    else if (setting?.[1] !== undefined && setting[2] !== undefined) settings.set(setting[1], setting[2])
    else flags.add(word)
  }
  const pointsElsewhere = type === 'lookup' || type === 'owner'
  const target = type === 'owner' ? 'systemuser' : [...flags].find((flag) => !FLAGS.has(flag))
  const range = settings.get('range')?.split('..').map(Number)
  const fallback = settings.get('default')
  if (!isColumnType(type)) throw new Error(`The column ${name} of ${table} has the unknown type ${type}.`)
  return {
    name,
    type,
    required: flags.has('required'),
    readOnly: flags.has('readonly'),
    ...(settings.has('max') ? { maxLength: Number(settings.get('max')) } : {}),
    ...(range === undefined ? {} : { range: [range[0] ?? 0, range[1] ?? 0] as const }),
    ...(options.size === 0 ? {} : { options }),
    ...(pointsElsewhere && target !== undefined ? { target, navigation: settings.get('nav') ?? name } : {}),
    ...(fallback === undefined ? {} : { default: readDefault(fallback, type) }),
  }
}

const FLAGS = new Set(['required', 'readonly'])
const COLUMN_TYPES = new Set<string>([
  'key',
  'guid',
  'text',
  'memo',
  'int',
  'long',
  'double',
  'boolean',
  'time',
  'choice',
  'lookup',
  'owner',
  'managed',
  'file',
])

function isColumnType(word: string): word is ColumnType {
  return COLUMN_TYPES.has(word)
}

function readDefault(text: string, type: string): string | number | boolean {
  if (type === 'boolean' || type === 'managed') return text === 'true'
  if (type === 'int' || type === 'choice' || type === 'double' || type === 'long') return Number(text)
  return text
}

export function isLookup(column: Column): boolean {
  return column.type === 'lookup' || column.type === 'owner'
}

/** The name under which a column stands in an answer. */
export function servedName(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name
}

/** Finds a column by the name that a query uses; a lookup also answers to its navigation property. */
export function queriedColumn(table: Table, name: string): Column | undefined {
  const direct = table.columns.get(name)
  if (direct !== undefined) return direct
  const lookup = /^_(.+)_value$/.exec(name)?.[1]
  if (lookup !== undefined) {
    const column = table.columns.get(lookup)
    return column !== undefined && isLookup(column) ? column : undefined
  }
  return navigationColumn(table, name)
}

export function navigationColumn(table: Table, navigation: string): Column | undefined {
  for (const column of table.columns.values()) if (column.navigation === navigation) return column
  return undefined
}
