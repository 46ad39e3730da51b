import { ACTIVE, type Layer } from './layer.ts'
import { allLayers, putLayer } from './layers.ts'
import { storeRow, type Actor } from '../solution-row.ts'

/** Publishes every unmanaged change. */
export function publishAll(actor: Actor): void {
  publishWhere(actor, () => true)
}

/** The elements of `ParameterXml` and the kinds that they publish. */
const ELEMENTS: Readonly<Record<string, string>> = {
  entity: 'Entity',
  webresource: 'WebResource',
  optionset: 'OptionSet',
  dashboard: 'SystemForm',
  canvasapp: 'CanvasApp',
  appmodule: 'AppModule',
  sitemap: 'SiteMap',
}

/** Publishes what `ParameterXml` names: by schema name or guid; a table with all that belongs to it. */
export function publishNamed(actor: Actor, parameterXml: string): void {
  const wanted = new Set<string>()
  for (const [, element, value] of parameterXml.matchAll(/<(\w+)>\s*\{?([^<>{}]+?)\}?\s*<\/\1>/g)) {
    const typeName = ELEMENTS[element?.toLowerCase() ?? '']
    if (typeName !== undefined && value !== undefined) wanted.add(`${typeName}:${value.toLowerCase()}`)
  }
  const isNamed = (layer: Layer) =>
    wanted.has(layer.component) || wanted.has(`${layer.typeName}:${layer.objectId}`)
  publishWhere(actor, (layer) => isNamed(layer) || (layer.parent !== null && wanted.has(layer.parent)))
}

function publishWhere(actor: Actor, test: (layer: Layer) => boolean): void {
  const drafts = allLayers(actor.environment).filter(
    (layer) => layer.solution === ACTIVE && !layer.published && test(layer),
  )
  for (const layer of drafts) putLayer(actor.environment, { ...layer, published: true })
  for (const layer of drafts) markPublished(actor, layer)
}

/** What the row says, edits by clients included, stays; so does the time of its last change. */
function markPublished({ environment }: Actor, { row, objectId }: Layer): void {
  const table = row === null ? undefined : environment.tableNamed(row.table)
  const known = table === undefined ? undefined : environment.rowOf(table, objectId)
  if (table?.columns.has('componentstate') !== true || known === undefined) return
  storeRow(environment, table.logicalName, { ...known, componentstate: 0 })
}
