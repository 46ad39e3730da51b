import type { Row } from '../store/row.ts'
import type { Layer } from '../solutions/layers/layer.ts'
import { asText } from '../store/value.ts'
import type { Environment } from '../environment.ts'
import { defineTable, type Collection, type Table } from './table.ts'
import { isPlatformComponent, layersByComponent } from '../solutions/layers/layers.ts'

/** Column types of customizations.xml in the words of a data sheet; what is missing here is not served. */
const SHEET_TYPES: Readonly<Record<string, string>> = {
  nvarchar: 'text',
  ntext: 'memo',
  int: 'int',
  bigint: 'long',
  float: 'double',
  decimal: 'double',
  money: 'double',
  bit: 'boolean',
  datetime: 'time',
  picklist: 'choice',
  state: 'choice',
  status: 'choice',
  uniqueidentifier: 'guid',
  primarykey: 'key',
  lookup: 'lookup',
  customer: 'lookup',
  owner: 'owner',
  file: 'file',
}

/** The tables that imported solutions brought, each as its topmost layers define it. */
export function importedTables(environment: Environment): readonly Table[] {
  const index = layersByComponent(environment)
  const tops = [...index.values()].flatMap((layers) => layers.at(-1) ?? [])
  const attributes = groupByParent(tops)
  const relationships = tops.filter(
    (layer) =>
      layer.typeName === 'EntityRelationship' && layer.attributes['relationshiptype'] === 'OneToMany',
  )
  return tops.flatMap((layer) => {
    if (layer.typeName !== 'Entity' || isPlatformComponent(layer.component)) return []
    const columns = attributes.get(layer.component) ?? []
    return columns.length === 0 ? [] : [tableOf(layer, columns, relationships)]
  })
}

function groupByParent(layers: readonly Layer[]): ReadonlyMap<string, readonly Layer[]> {
  const groups = new Map<string, Layer[]>()
  for (const layer of layers) {
    if (layer.typeName !== 'Attribute' || layer.parent === null) continue
    const group = groups.get(layer.parent)
    if (group === undefined) groups.set(layer.parent, [layer])
    else group.push(layer)
  }
  return groups
}

function tableOf(entity: Layer, attributes: readonly Layer[], relationships: readonly Layer[]): Table {
  const name = entity.schemaName.toLowerCase()
  const lines = attributes.flatMap((attribute) => columnLine(attribute, name, relationships) ?? [])
  const hasKey = attributes.some(({ attributes: { type } }) => type === 'primarykey')
  const primary = attributes.find(({ attributes: { isprimaryname } }) => isprimaryname === true)
  const setName = entity.attributes['entitysetname']
  return defineTable({
    logicalName: name,
    entitySet: typeof setName === 'string' ? setName.toLowerCase() : `${name}s`,
    displayName: entity.displayName,
    ...(primary === undefined ? {} : { primaryName: columnName(primary) }),
    columns: [...(hasKey ? [] : [`${name}id key`]), ...lines, 'versionnumber long readonly'].join('\n'),
    collections: collectionsOf(name, relationships),
  })
}

function columnName(attribute: Layer): string {
  return attribute.schemaName.slice(attribute.schemaName.indexOf('.') + 1).toLowerCase()
}

function columnLine(attribute: Layer, table: string, relationships: readonly Layer[]): string | undefined {
  const type = SHEET_TYPES[asText(attribute.attributes['type'])]
  const name = columnName(attribute)
  if (type === undefined || name === 'versionnumber') return undefined
  if (type === 'lookup') {
    const relationship = relationships.find(
      (item) =>
        item.attributes['referencingentity'] === table && item.attributes['referencingattribute'] === name,
    )
    const target = relationship?.attributes['referencedentity'] ?? SYSTEM_LOOKUPS[name]
    const navigation =
      relationship?.attributes['referencingnavigation'] ?? attribute.attributes['physicalname']
    return typeof target === 'string'
      ? `${name} lookup ${target} nav=${SYSTEM_LOOKUPS[name] === undefined ? asText(navigation) : name}`
      : undefined
  }
  const options = attribute.attributes['options']
  const words =
    typeof options === 'object' && options !== null
      ? Object.entries(options).map(
          ([value, label]) => `${value}=${asText(label).replaceAll(' ', '_') || '-'}`,
        )
      : []
  return [name, type, ...words.filter((word) => type === 'choice' && /^-?\d+=/.test(word))].join(' ')
}

const SYSTEM_LOOKUPS: Readonly<Record<string, string>> = {
  createdby: 'systemuser',
  createdonbehalfby: 'systemuser',
  modifiedby: 'systemuser',
  modifiedonbehalfby: 'systemuser',
  owninguser: 'systemuser',
  owningteam: 'team',
  owningbusinessunit: 'businessunit',
  organizationid: 'organization',
}

function collectionsOf(table: string, relationships: readonly Layer[]): Readonly<Record<string, Collection>> {
  return Object.fromEntries(
    relationships.flatMap(({ attributes, schemaName }) => {
      if (attributes['referencedentity'] !== table) return []
      const navigation = attributes['referencednavigation']
      return [
        [
          typeof navigation === 'string' ? navigation : schemaName,
          {
            table: asText(attributes['referencingentity']),
            column: asText(attributes['referencingattribute']),
          },
        ],
      ]
    }),
  )
}

/** Rows of a table that went, and values of columns that went, go with them. */
export function dropData(environment: Environment, removed: readonly Layer[]): void {
  for (const layer of removed) {
    if (layer.typeName === 'Entity') environment.store.clear(layer.schemaName.toLowerCase())
    if (layer.typeName !== 'Attribute') continue
    const [table = '', column = ''] = layer.schemaName.toLowerCase().split('.')
    for (const row of environment.store.rows(table)) {
      const key = Object.keys(row).find((name) => name === `${table}id`)
      if (key !== undefined && column in row)
        environment.store.put(table, asText(row[key]), without(row, column))
    }
  }
}

function without(row: Row, column: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== column))
}
