import type { Row } from '../../store/row.ts'
import { layersOf } from '../../solutions/layers/layers.ts'
import { json, type Reply } from '../../http/exchange.ts'
import { stableGuid } from '../../stable-id.ts'
import { defineTable, type Column, type Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { refuse } from '../errors.ts'
import { readQueryOptions } from '../query/query-options.ts'
import { selectRows } from '../query/select-rows.ts'
import { parseArguments, type Segment } from '../url.ts'

/**
 * `EntityDefinitions` and their `Attributes`, for the tables that are served. The service ignores `$top`, `$count`
 * and `$orderby` here, and so does this.
 */
export function entityDefinitions(
  segments: readonly Segment[],
  query: ReadonlyMap<string, string>,
  call: Call,
): Reply {
  const [first, second, third] = segments
  if (first?.name === 'GlobalOptionSetDefinitions' && first.inside !== undefined)
    return choice(first.inside, call)
  if (first?.name !== 'EntityDefinitions')
    return json(200, { '@odata.context': `${call.root}$metadata#${first?.name ?? ''}`, value: [] })
  const options = readQueryOptions(
    new Map([...query].filter(([name]) => !/^\$(top|count|orderby)$/.test(name))),
  )
  const isExpanded = options.expand.some(({ navigation }) => navigation === 'Attributes')
  const describe = (table: Table) => {
    const whole = {
      ...definition(table, call),
      ...(isExpanded
        ? { Attributes: [...table.columns.values()].map((column) => attribute(table, column)) }
        : {}),
    }
    return projected(whole, options.select, isExpanded)
  }
  if (first.inside === undefined) {
    const rows = call.environment.tables().map((table) => searchable(table, call))
    const kept = new Set(
      selectRows(
        rows,
        SEARCHABLE,
        {
          ...(options.filter === undefined ? {} : { filter: options.filter }),
          orderBy: [],
          count: false,
          expand: [],
        },
        call,
      ).map((row) => row['LogicalName']),
    )
    const tables = call.environment.tables().filter(({ logicalName }) => kept.has(logicalName))
    return json(200, {
      '@odata.context': `${call.root}$metadata#EntityDefinitions`,
      value: tables.map(describe),
    })
  }
  const table = findTable(first.inside, call)
  if (second === undefined)
    return json(200, {
      '@odata.context': `${call.root}$metadata#EntityDefinitions/$entity`,
      ...describe(table),
    })
  if (second.name !== 'Attributes')
    return json(200, {
      '@odata.context': `${call.root}$metadata#EntityDefinitions/${second.name}`,
      value: [],
    })
  if (second.inside === undefined || second.inside === '' || third?.name.startsWith('Microsoft.') === true) {
    const all = [...table.columns.values()].map((column) =>
      projected(attribute(table, column), options.select, false),
    )
    return json(200, {
      '@odata.context': `${call.root}$metadata#EntityDefinitions('${table.logicalName}')/Attributes`,
      value: all,
    })
  }
  const wanted = parseArguments(second.inside, call.aliases).get('LogicalName')?.value
  const column = typeof wanted === 'string' ? table.columns.get(wanted) : undefined
  if (column === undefined) throw refuse('noSuchRow', 'Attribute', String(wanted))
  return json(200, {
    '@odata.context': `${call.root}$metadata#EntityDefinitions('${table.logicalName}')/Attributes/$entity`,
    ...projected(attribute(table, column), options.select, false),
  })
}

/** A global choice that a solution brought, by its name. */
function choice(inside: string, call: Call): Reply {
  const wanted = String(parseArguments(inside, call.aliases).get('Name')?.value)
  const [layer] = layersOf(call.environment, `OptionSet:${wanted.toLowerCase()}`)
  if (layer === undefined) throw refuse('noSuchRow', 'OptionSet', wanted)
  return json(200, {
    '@odata.context': `${call.root}$metadata#GlobalOptionSetDefinitions/$entity`,
    Name: layer.schemaName,
    MetadataId: layer.objectId,
  })
}

/** A definition's plain members, which a filter can name. */
function searchable(table: Table, call: Call): Row {
  return Object.fromEntries(
    Object.entries(definition(table, call)).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, value]]
        : [],
    ),
  )
}

/** What filters on definitions can name. */
const SEARCHABLE = defineTable({
  logicalName: 'EntityMetadata',
  entitySet: 'EntityDefinitions',
  primaryName: 'LogicalName',
  columns: `
    MetadataId              key
    LogicalName             text
    SchemaName              text
    EntitySetName           text
    LogicalCollectionName   text
    PrimaryIdAttribute      text
    PrimaryNameAttribute    text
    ObjectTypeCode          int
    IsManaged               boolean
    IsCustomEntity          boolean
    IsIntersect             boolean
    IsPrivate               boolean
  `,
})

function findTable(inside: string, call: Call): Table {
  const name = parseArguments(inside.includes('=') ? inside : `MetadataId=${inside}`, call.aliases)
  const logicalName = name.get('LogicalName')?.value
  const id = name.get('MetadataId')?.value
  const table = call.environment
    .tables()
    .find((item) => item.logicalName === logicalName || metadataId(item) === id)
  if (table === undefined) throw refuse('noSuchRow', 'Entity', String(logicalName ?? id))
  return table
}

function metadataId(table: Table): string {
  return stableGuid('Entity', table.logicalName)
}

function label(text: string): object {
  const localized = {
    Label: text,
    LanguageCode: 1033,
    IsManaged: false,
    MetadataId: stableGuid('label', text),
    HasChanged: null,
  }
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized }
}

function definition(table: Table, call: Call): Record<string, unknown> {
  const entity = call.environment.store.find('entity', (row) => row['logicalname'] === table.logicalName)
  return {
    MetadataId: metadataId(table),
    LogicalName: table.logicalName,
    SchemaName: entity?.['schemaname'] ?? table.logicalName,
    EntitySetName: table.entitySet,
    LogicalCollectionName: table.entitySet,
    CollectionSchemaName: table.entitySet,
    DisplayName: label(table.displayName),
    DisplayCollectionName: label(table.displayName),
    Description: label(''),
    PrimaryIdAttribute: table.primaryKey,
    PrimaryNameAttribute: table.primaryName,
    ObjectTypeCode: table.objectTypeCode,
    OwnershipType: table.columns.has('ownerid') ? 'UserOwned' : 'None',
    IsManaged: entity?.['ismanaged'] ?? true,
    IsCustomEntity: entity !== undefined,
    IsIntersect: false,
    IsPrivate: false,
    IsActivity: false,
    TableType: 'Standard',
    HasChanged: null,
  }
}

const ATTRIBUTE_TYPES: Readonly<Record<Column['type'], string>> = {
  key: 'Uniqueidentifier',
  guid: 'Uniqueidentifier',
  lookup: 'Lookup',
  owner: 'Owner',
  text: 'String',
  memo: 'Memo',
  int: 'Integer',
  long: 'BigInt',
  double: 'Double',
  boolean: 'Boolean',
  choice: 'Picklist',
  time: 'DateTime',
  managed: 'ManagedProperty',
  file: 'Virtual',
}

function attribute(table: Table, column: Column): Record<string, unknown> {
  const type =
    column.name === 'statecode'
      ? 'State'
      : column.name === 'statuscode'
        ? 'Status'
        : ATTRIBUTE_TYPES[column.type]
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
    MetadataId: stableGuid('Attribute', `${table.logicalName}.${column.name}`),
    LogicalName: column.name,
    SchemaName: column.name,
    EntityLogicalName: table.logicalName,
    AttributeType: type,
    AttributeTypeName: { Value: `${type}Type` },
    DisplayName: label(column.name),
    IsPrimaryId: column.type === 'key',
    IsPrimaryName: column.name === table.primaryName,
    IsValidForRead: true,
    IsValidForCreate: !column.readOnly,
    IsValidForUpdate: !column.readOnly && column.type !== 'key',
    RequiredLevel: {
      Value: column.required ? 'ApplicationRequired' : 'None',
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
    },
    ...(column.maxLength === undefined ? {} : { MaxLength: column.maxLength }),
    ...(column.target === undefined ? {} : { Targets: [column.target] }),
  }
}

/** Definitions always carry their `MetadataId`; attributes their type too. */
function projected(
  whole: Record<string, unknown>,
  select: readonly string[] | undefined,
  keepAttributes: boolean,
): Record<string, unknown> {
  if (select === undefined) return whole
  const kept = new Set([...select, 'MetadataId', '@odata.type', ...(keepAttributes ? ['Attributes'] : [])])
  return Object.fromEntries(Object.entries(whole).filter(([name]) => kept.has(name)))
}
