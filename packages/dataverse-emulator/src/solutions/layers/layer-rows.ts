import type { Row, Value } from '../../store/row.ts'
import type { Layer } from './layer.ts'
import type { Environment } from '../../environment.ts'
import { stableGuid } from '../../stable-id.ts'
import { isPlatformComponent, layersByComponent } from './layers.ts'

/** The rows of `msdyn_componentlayers`: order 1 is the bottom. */
export function layerRows(environment: Environment): readonly Row[] {
  const rows: Row[] = []
  for (const [component, layers] of layersByComponent(environment)) {
    const first = isPlatformComponent(component) ? 2 : 1
    layers.forEach((layer, index) => rows.push(layerRow(layer, layers[index - 1], index + first)))
    const [bottom] = layers
    if (first === 2 && bottom !== undefined)
      rows.push({
        ...layerRow({ ...bottom, solution: 'System', attributes: {} }, undefined, 1),
        msdyn_publishername: 'MicrosoftCorporation',
      })
  }
  return rows
}

function layerRow(layer: Layer, below: Layer | undefined, order: number): Row {
  return {
    msdyn_componentlayerid: stableGuid('layer', layer.component, layer.solution),
    msdyn_componentid: layer.objectId,
    msdyn_solutioncomponentname: layer.typeName,
    msdyn_name:
      layer.typeName === 'Attribute'
        ? layer.schemaName.slice(layer.schemaName.indexOf('.') + 1)
        : layer.displayName === ''
          ? layer.schemaName
          : layer.displayName,
    msdyn_solutionname: layer.solution,
    msdyn_publishername: layer.publisher,
    msdyn_order: order,
    msdyn_overwritetime: layer.overwrittenOn,
    msdyn_children: null,
    msdyn_componentjson: json(layer, Object.entries(layer.attributes)),
    msdyn_changes: json(
      layer,
      Object.entries(layer.attributes).filter(
        ([name, value]) =>
          below === undefined || JSON.stringify(below.attributes[name]) !== JSON.stringify(value),
      ),
    ),
  }
}

function json(layer: Layer, attributes: readonly (readonly [string, Value])[]): string {
  return JSON.stringify({
    LogicalName: layer.typeName,
    Id: layer.objectId,
    Attributes: attributes.map(([name, value]) => ({
      Key: name === '(digest)' ? 'definitiondigest' : name,
      Value: value,
    })),
  })
}
