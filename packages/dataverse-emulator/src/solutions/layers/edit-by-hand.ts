import type { Row } from '../../store/row.ts'
import type { TableRules } from '../../tables/table-rules.ts'
import { ACTIVE, type Layer } from './layer.ts'
import { isoSeconds } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { text } from '../../store/value.ts'
import { layersByComponent, nextSequence, putLayer } from './layers.ts'

/** What the service writes with every change: no part of a definition. */
const STAMPS = new Set(['modifiedon', 'modifiedby', 'versionnumber', 'componentstate'])

/**
 * Rules of tables whose rows define components. A change by a client, as by a person in the maker portal, lands in the
 * unmanaged layer: on a component of a managed solution it makes one, and later versions of the solution do not show.
 * It is a draft until it is published.
 */
export const definitionRules: TableRules = {
  update(before, after, call) {
    const { environment } = call
    const changed = changedValues(before, after)
    const layers = layersOfRow(environment, after)
    const top = layers.at(-1)
    if (top?.row === undefined || top.row === null || Object.keys(changed).length === 0) return after
    const active = layers.find(({ solution }) => solution === ACTIVE)
    putLayer(environment, {
      ...(active ?? { ...top, root: false, publisher: defaultPublisher(environment) }),
      solution: ACTIVE,
      sequence: active?.sequence ?? nextSequence(environment),
      attributes: { ...top.attributes, ...changed },
      row: { ...top.row, values: { ...top.row.values, ...changed } },
      changedOn: isoSeconds(call.now),
      published: false,
    })
    return { ...after, componentstate: 1 }
  },
}

function changedValues(before: Row, after: Row): Row {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => !STAMPS.has(name) && JSON.stringify(before[name] ?? null) !== JSON.stringify(value),
    ),
  )
}

/** The layers of the component that a row defines, from the bottom to the top. */
function layersOfRow(environment: Environment, row: Row): readonly Layer[] {
  for (const layers of layersByComponent(environment).values()) {
    const [layer] = layers
    const table =
      layer?.row === undefined || layer.row === null ? undefined : environment.tableNamed(layer.row.table)
    if (layer !== undefined && table !== undefined && row[table.primaryKey] === layer.objectId) return layers
  }
  return []
}

/** Whoever changes something outside of a solution does so for the default publisher. */
function defaultPublisher(environment: Environment): string {
  const publisher = environment.store.find('publisher', (row) =>
    text(row, 'uniquename').startsWith('DefaultPublisher'),
  )
  return text(publisher, 'friendlyname')
}
