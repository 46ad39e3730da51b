import type { Environment } from '../../environment.ts'
import type { Reply } from '../../http/exchange.ts'
import { OPERATIONS } from '../../operations/index.ts'
import type { Operation } from '../../operations/operation.ts'
import { servedName, type Column, type Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { EDM_TYPES } from './edm-types.ts'

function edmType(column: Column): string {
  return EDM_TYPES[column.type]
}

/** `GET /api/data/v9.2/`: the sets that are served. */
export function serviceDocument(call: Call): object {
  const sets = call.environment
    .tables()
    .map(({ entitySet: name }) => ({ name, kind: 'EntitySet', url: name }))
  return { '@odata.context': `${call.root}$metadata`, value: sets }
}

/** `GET /api/data/v9.2/$metadata`: tables and operations in CSDL. */
export function metadataDocument(environment: Environment): Reply {
  const tables = environment.tables()
  const operations = [...OPERATIONS.values()]
  const body = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EntityType Name="crmbaseentity" Abstract="true" OpenType="true" />',
    '<ComplexType Name="BooleanManagedProperty"><Property Name="Value" Type="Edm.Boolean" Nullable="false" /><Property Name="CanBeChanged" Type="Edm.Boolean" Nullable="false" /><Property Name="ManagedPropertyLogicalName" Type="Edm.String" Unicode="false" /></ComplexType>',
    ...answerTypes(operations),
    ...tables.map((table) => entityType(table, environment)),
    ...operations.map(operationElement),
    '<EntityContainer Name="System">',
    ...tables.map((table) => entitySet(table, environment)),
    ...operations.filter(({ boundTo }) => boundTo === undefined).map(operationImport),
    '</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n')
  return { status: 200, headers: { 'Content-Type': 'application/xml; charset=utf-8' }, body }
}

/** The answers are open types: their members are documented with the operations. */
function answerTypes(operations: readonly Operation[]): string[] {
  const named = new Set(
    operations
      .flatMap(({ returns, parameters }) => [returns ?? '', ...parameters.map(({ type }) => type)])
      .flatMap(
        (type) =>
          /(?:mscrm\.)?([A-Z]\w+)\)?$/.exec(
            type.startsWith('Edm.') || type.startsWith('enum.') || type.includes('(Edm.') ? '' : type,
          )?.[1] ?? [],
      ),
  )
  return [...named].map((name) => `<ComplexType Name="${name}" OpenType="true" />`)
}

function entityType(table: Table, environment: Environment): string {
  const properties = [...table.columns.values()].map(
    (column) =>
      `<Property Name="${servedName(column)}" Type="${edmType(column)}"${column.type === 'key' ? ' Nullable="false"' : ''}${column.type === 'text' ? ' Unicode="false"' : ''} />`,
  )
  const lookups = [...table.columns.values()].flatMap((column) =>
    column.navigation === undefined || environment.tableNamed(column.target ?? '') === undefined
      ? []
      : [
          `<NavigationProperty Name="${column.navigation}" Type="mscrm.${column.target}"><ReferentialConstraint Property="_${column.name}_value" ReferencedProperty="${environment.tableNamed(column.target ?? '')?.primaryKey}" /></NavigationProperty>`,
        ],
  )
  const collections = Object.entries(table.collections).flatMap(([name, { table: target }]) =>
    environment.tableNamed(target) === undefined
      ? []
      : [`<NavigationProperty Name="${name}" Type="Collection(mscrm.${target})" />`],
  )
  return `<EntityType Name="${table.logicalName}" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="${table.primaryKey}" /></Key>${properties.join('')}${lookups.join('')}${collections.join('')}</EntityType>`
}

function entitySet(table: Table, environment: Environment): string {
  const bindings = [...table.columns.values()].flatMap((column) => {
    const target = column.target === undefined ? undefined : environment.tableNamed(column.target)
    return target === undefined
      ? []
      : [`<NavigationPropertyBinding Path="${column.navigation}" Target="${target.entitySet}" />`]
  })
  return `<EntitySet Name="${table.entitySet}" EntityType="Microsoft.Dynamics.CRM.${table.logicalName}">${bindings.join('')}</EntitySet>`
}

function operationElement(operation: Operation): string {
  const element = operation.kind === 'action' ? 'Action' : 'Function'
  const bound =
    operation.boundTo === undefined
      ? ''
      : `<Parameter Name="entity" Type="mscrm.${operation.boundTo}" Nullable="false" />`
  const parameters = operation.parameters.map(
    ({ name, type, required }) =>
      `<Parameter Name="${name}" Type="${type.startsWith('enum.') ? 'Edm.String' : type}"${required ? ' Nullable="false"' : ''} />`,
  )
  const returns =
    operation.returns === undefined
      ? ''
      : `<ReturnType Type="${returnType(operation.returns)}" Nullable="false" />`
  return `<${element} Name="${operation.name}"${bound === '' ? '' : ' IsBound="true"'}>${bound}${parameters.join('')}${returns}</${element}>`
}

function returnType(name: string): string {
  return name.includes('mscrm.') ? name : `mscrm.${name}`
}

function operationImport({ name, kind }: Operation): string {
  return kind === 'action'
    ? `<ActionImport Name="${name}" Action="Microsoft.Dynamics.CRM.${name}" />`
    : `<FunctionImport Name="${name}" Function="Microsoft.Dynamics.CRM.${name}" />`
}
