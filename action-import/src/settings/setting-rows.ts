import type { StagedComponent } from '@dsa/dataverse-client'

/** A row of `ComponentParameters`, which travels with an import. */
export type SettingRow = Readonly<Record<string, unknown>>

/** @param id the row that the value goes into, where there is one */
export function variableRow(schemaName: string, value: string, id: string | undefined): SettingRow {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.environmentvariablevalue',
    schemaname: schemaName,
    ...(id !== undefined && id !== '' && { environmentvariablevalueid: id }),
    value,
  }
}

/** @param attributes of the reference in the archive */
export function referenceRow(
  bound: { readonly name: string; readonly connectionId: string; readonly connectorId: string },
  attributes: StagedComponent['attributes'],
): SettingRow {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
    connectionreferencelogicalname: bound.name,
    connectionreferencedisplayname: attributes.get('connectionreferencedisplayname') ?? '',
    description: attributes.get('description') ?? '',
    connectorid: bound.connectorId,
    connectionid: bound.connectionId,
  }
}
