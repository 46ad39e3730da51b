import type { Row, Value } from '../../store/row.ts'
import { ACTIVE, type Layer } from './layer.ts'
import { asText, text } from '../../store/value.ts'
import type { Environment } from '../../environment.ts'
import { stableGuid } from '../../stable-id.ts'
import { componentType } from './component-types.ts'
import { isPlatformComponent, layersByComponent } from './layers.ts'

const DEFAULT_SOLUTION = 'fd140aaf-4df4-11dd-bd17-0019b9312238'

/** The rows of `msdyn_solutioncomponentsummaries`, one for each component of each solution. */
export function componentSummaries(environment: Environment): readonly Row[] {
  const index = layersByComponent(environment)
  const rows = environment.store.rows('solutioncomponent').map((row) => {
    const layers = index.get(text(row, '(component)')) ?? []
    return summary(row, layers, environment)
  })
  return [
    ...rows,
    ...[...index.values()].map((layers) => summary(inDefault(layers, environment), layers, environment)),
  ]
}

/** The default solution holds whatever the environment has, managed or not. */
function inDefault(layers: readonly Layer[], environment: Environment): Row {
  const [layer] = layers
  return {
    solutioncomponentid: stableGuid('solutioncomponent', DEFAULT_SOLUTION, layer?.component ?? ''),
    solutionid: DEFAULT_SOLUTION,
    objectid: layer?.objectId ?? null,
    componenttype: layer === undefined ? null : componentType(environment, layer.typeName),
    createdon: layer?.changedOn ?? null,
    modifiedon: layer?.changedOn ?? null,
  }
}

function summary(row: Row, layers: readonly Layer[], environment: Environment): Row {
  const top = layers.at(-1)
  const isPlatform = isPlatformComponent(top?.component ?? '')
  const workflow = top?.typeName === 'Workflow' ? top.attributes['category'] : undefined
  const schemaName = top?.schemaName ?? null
  const [table = '', column] = top?.typeName === 'Attribute' ? top.schemaName.split('.') : []
  return {
    msdyn_solutioncomponentsummaryid: text(row, 'solutioncomponentid'),
    msdyn_solutionid: row['solutionid'] ?? null,
    msdyn_objectid: row['objectid'] ?? null,
    msdyn_componenttype: row['componenttype'] ?? null,
    msdyn_componenttypename: top?.typeName ?? null,
    msdyn_componentlogicalname: top?.typeName.toLowerCase() ?? null,
    msdyn_name: column ?? schemaName,
    msdyn_displayname: top?.displayName ?? null,
    msdyn_schemaname: column ?? schemaName,
    msdyn_uniquename: null,
    msdyn_primaryentityname: column === undefined ? null : table,
    msdyn_workflowcategory: typeof workflow === 'number' ? String(workflow) : null,
    msdyn_hasactivecustomization:
      layers.some(({ solution }) => solution === ACTIVE) && (layers.length > 1 || isPlatform),
    msdyn_ismanaged: isPlatform || layers.some(({ solution }) => solution !== ACTIVE),
    msdyn_iscustomizable: true,
    msdyn_isdefault: false,
    msdyn_createdon: row['createdon'] ?? null,
    msdyn_modifiedon: changedOn(top, environment) ?? row['modifiedon'] ?? null,
    organizationid: environment.organizationId,
  }
}

/** When the component itself was last changed, which is not when it became a part of the solution. */
function changedOn(layer: Layer | undefined, environment: Environment): Value | undefined {
  const table =
    layer?.row === undefined || layer.row === null ? undefined : environment.tableNamed(layer.row.table)
  const row =
    table === undefined || layer === undefined ? undefined : environment.rowOf(table, layer.objectId)
  return row?.['modifiedon'] ?? layer?.changedOn
}

/**
 * The rows of `msdyn_solutioncomponentcountsummaries`. The service filters by `msdyn_solutionid` and then answers
 * null in that column.
 */
export function componentCounts(environment: Environment): readonly Row[] {
  const groups = new Map<string, { readonly sample: Row; count: number }>()
  for (const row of componentSummaries(environment)) {
    const key = `${asText(row['msdyn_solutionid'])}|${asText(row['msdyn_componenttype'])}|${asText(row['msdyn_workflowcategory'])}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { sample: row, count: 1 })
    else group.count += 1
  }
  return [...groups].map(([key, { sample, count }]) => ({
    msdyn_solutioncomponentcountsummaryid: stableGuid('count', key),
    msdyn_componentlogicalname: sample['msdyn_componentlogicalname'] ?? null,
    msdyn_componenttype: sample['msdyn_componenttype'] ?? null,
    msdyn_total: count,
    msdyn_subtype: null,
    msdyn_primaryentityname: null,
    msdyn_workflowcategory:
      sample['msdyn_workflowcategory'] === null ? null : Number(sample['msdyn_workflowcategory']),
    msdyn_solutionid: sample['msdyn_solutionid'] ?? null,
    msdyn_name: null,
    organizationid: null,
  }))
}
