import type { Row } from '../../store/row.ts'
import { ACTIVE, type Layer } from '../layers/layer.ts'
import { text } from '../../store/value.ts'
import { isoSeconds } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { stableGuid } from '../../stable-id.ts'
import { componentType } from '../layers/component-types.ts'
import { patchedSolution, type ArchiveContent } from '../archive/content.ts'
import { recordDependencies } from '../dependencies/dependencies.ts'
import {
  allLayers,
  isMerged,
  layerOf,
  layersByComponent,
  layersOf,
  nextSequence,
  putLayer,
  removeLayer,
} from '../layers/layers.ts'
import { findSolution, newRow, putSolution, storeRow, type Actor } from '../solution-row.ts'

export interface InstallOptions {
  /** The unique name under which it is installed: the solution's own, or `<name>_Upgrade`. */
  readonly uniqueName: string
  readonly overwriteUnmanaged: boolean
}

/**
 * Puts what an archive holds into the environment: layers, solution components, rows of component tables, the
 * solution's row. Additive: what was there before and is not in the archive stays.
 */
export function installContent(actor: Actor, content: ArchiveContent, options: InstallOptions): Row {
  const { environment } = actor
  const parentName = patchedSolution(content.uniqueName)
  const parent = parentName === undefined ? undefined : findSolution(environment, parentName)
  const solution = putSolution(actor, content, options.uniqueName, parent)
  const layer = content.managed ? options.uniqueName : ACTIVE
  const sequence = sequenceFor(environment, content, options)
  const before = layersByComponent(environment)
  const born = new Set(content.components.filter(({ key }) => !before.has(key)).map(({ key }) => key))
  for (const component of content.components) {
    putLayer(
      environment,
      layerOf(component, {
        solution: layer,
        sequence,
        publisher: content.publisher.friendlyName,
        published: content.managed,
        changedOn: isoSeconds(actor.now),
      }),
    )
  }
  const removed =
    options.overwriteUnmanaged && content.managed
      ? overwrite(actor, content, before)
      : new Map<string, Layer>()
  putSolutionComponents(actor, solution, content)
  for (const { key } of content.components) refreshRow(actor, key, born.has(key), removed.get(key))
  recordDependencies(environment, options.uniqueName, content)
  environment.forgetTables()
  return solution
}

/** A holding solution lies directly above the one that it will replace; an update stays where it was. */
function sequenceFor(environment: Environment, content: ArchiveContent, options: InstallOptions): number {
  const own = allLayers(environment).find(({ solution }) => solution === options.uniqueName)
  if (own !== undefined) return own.sequence
  const base =
    options.uniqueName === content.uniqueName
      ? undefined
      : allLayers(environment).find(({ solution }) => solution === content.uniqueName)
  return base === undefined ? nextSequence(environment) : base.sequence + 0.5
}

/** Removes the unmanaged layers above the solution's components, but for kinds that merge; gives what it removed. */
function overwrite(
  actor: Actor,
  content: ArchiveContent,
  before: ReadonlyMap<string, readonly Layer[]>,
): ReadonlyMap<string, Layer> {
  const removed = new Map<string, Layer>()
  for (const { key, typeName } of content.components) {
    const layers = before.get(key) ?? []
    const active = layers.find(({ solution }) => solution === ACTIVE)
    if (active === undefined || isMerged(typeName)) continue
    removeLayer(actor.environment, active)
    removed.set(key, active)
  }
  return removed
}

function putSolutionComponents(actor: Actor, solution: Row, content: ArchiveContent): void {
  const { environment } = actor
  const solutionId = text(solution, 'solutionid')
  const idOf = (key: string) => stableGuid('solutioncomponent', solutionId, key)
  for (const component of content.components) {
    const id = idOf(component.key)
    if (environment.store.get('solutioncomponent', id) !== undefined) continue
    storeRow(
      environment,
      'solutioncomponent',
      newRow(actor, 'solutioncomponent', {
        solutioncomponentid: id,
        objectid: component.objectId,
        componenttype: componentType(environment, component.typeName),
        solutionid: solutionId,
        ismetadata: METADATA.has(component.typeName),
        rootcomponentbehavior: component.root ? component.behavior : null,
        rootsolutioncomponentid:
          component.root || component.parent === undefined ? null : idOf(component.parent),
        '(component)': component.key,
      }),
    )
  }
}

/** Kinds that are metadata, not rows. */
export const METADATA: ReadonlySet<string> = new Set([
  'Entity',
  'Attribute',
  'EntityRelationship',
  'OptionSet',
  'EntityKey',
])

/** Columns that belong to the environment: an import leaves them as they are. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  connectionreference: ['connectionid'],
  workflow: ['statecode', 'statuscode', 'ownerid', 'owninguser'],
  sdkmessageprocessingstep: ['statecode', 'statuscode'],
}

/**
 * Brings the row of a component into line with its topmost layer; new ones are made, orphans go.
 * @param removed a layer that was above: what only it stated is gone
 */
export function refreshRow(actor: Actor, component: string, isNew: boolean, removed?: Layer): void {
  const { environment } = actor
  const layers = layersOf(environment, component)
  const top = layers.at(-1)
  if (top?.row === null || top === undefined) return
  const { table: tableName, values } = top.row
  const table = environment.tableNamed(tableName)
  if (table === undefined) return
  const before = environment.rowOf(table, top.objectId)
  const kept = Object.fromEntries(
    (KEPT[tableName] ?? []).flatMap((name) => (before?.[name] === undefined ? [] : [[name, before[name]]])),
  )
  const isManaged = layers.some(({ solution }) => solution !== ACTIVE)
  const row = {
    ...(before ?? newRow(actor, tableName, {})),
    ...Object.fromEntries(Object.keys(removed?.row?.values ?? {}).map((name) => [name, null])),
    ...values,
    ...kept,
    [table.primaryKey]: top.objectId,
    ...(isNew && tableName === 'workflow' ? { statecode: 0, statuscode: 1 } : {}),
    ...(table.columns.has('ismanaged') ? { ismanaged: isManaged } : {}),
    ...(table.columns.has('componentstate') ? { componentstate: top.published ? 0 : 1 } : {}),
    ...(table.columns.has('modifiedon') ? { modifiedon: isoSeconds(actor.now) } : {}),
  }
  storeRow(environment, tableName, row)
}
