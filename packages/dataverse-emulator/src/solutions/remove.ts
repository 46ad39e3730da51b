import type { Row } from '../store/row.ts'
import { ACTIVE, type Layer } from './layers/layer.ts'
import { text } from '../store/value.ts'
import type { Environment } from '../environment.ts'
import { refuse } from '../odata/errors.ts'
import { dropData } from '../tables/imported-tables.ts'
import { dependentsOutside, forgetDependencies } from './dependencies/dependencies.ts'
import { refreshRow } from './import/install.ts'
import { allLayers, isPlatformComponent, layersByComponent, putLayer, removeLayer } from './layers/layers.ts'
import { dropArchive, renameArchive } from './archive/archives.ts'
import { findSolution, patchesOf, storeRow, type Actor } from './solution-row.ts'

/**
 * Deletes a solution. Unmanaged: the container goes, the components stay. Managed: its layers go, and with them
 * every component (and its data) that nothing else holds.
 * @throws ApiError `0x8004f01d` while other solutions need what would go
 */
export function uninstall(actor: Actor, solution: Row): void {
  const { environment } = actor
  const name = text(solution, 'uniquename')
  const family = [solution, ...patchesOf(environment, solution)]
  if (solution['ismanaged'] === true) {
    const names = new Set(family.map((row) => text(row, 'uniquename')))
    const vanishing = componentsThatVanish(environment, names)
    if (dependentsOutside(environment, vanishing, names).length > 0) throw refuse('uninstallDependencies')
    removeLayersOf(actor, names)
  }
  for (const row of family) removeContainer(environment, row)
  forgetDependencies(environment, new Set([name]))
  environment.forgetTables()
}

/**
 * Replaces a solution by its holding solution: base and patches go with all that the new version lacks, and
 * `<name>_Upgrade` takes the name.
 * @throws ApiError `0x8004f01f` when something that would go is still needed by others
 */
export function promote(actor: Actor, base: Row, holding: Row): Row {
  const { environment } = actor
  const name = text(base, 'uniquename')
  const family = [base, ...patchesOf(environment, base)]
  const names = new Set(family.map((row) => text(row, 'uniquename')))
  const [blocked] = dependentsOutside(environment, componentsThatVanish(environment, names), names)
  if (blocked !== undefined) throw refuse('componentInUse', blocked.typeName, blocked.objectId, blocked.count)
  removeLayersOf(actor, names)
  for (const row of family) removeContainer(environment, row)
  const holdingName = text(holding, 'uniquename')
  for (const layer of allLayers(environment).filter(({ solution }) => solution === holdingName)) {
    removeLayer(environment, layer)
    putLayer(environment, {
      ...layer,
      solution: name,
      sequence: Math.floor(layer.sequence) || layer.sequence,
    })
  }
  forgetDependencies(environment, names)
  forgetDependencies(environment, new Set([holdingName]), name)
  renameArchive(environment, holdingName, name)
  const promoted = { ...holding, uniquename: name }
  storeRow(environment, 'solution', promoted)
  environment.forgetTables()
  return promoted
}

/** What would be gone without these solutions' layers. */
export function componentsThatVanish(environment: Environment, names: ReadonlySet<string>): readonly Layer[] {
  const vanishing: Layer[] = []
  for (const [component, layers] of layersByComponent(environment)) {
    const own = layers.filter(({ solution }) => names.has(solution))
    const first = own[0]
    if (first === undefined || isPlatformComponent(component)) continue
    if (!layers.some((layer) => !names.has(layer.solution) && holds(layer, own))) vanishing.push(first)
  }
  return vanishing
}

/** Another managed layer holds a component; the unmanaged one does when it was there first. */
function holds(layer: Layer, leaving: readonly Layer[]): boolean {
  return layer.solution !== ACTIVE || leaving.every(({ sequence }) => layer.sequence < sequence)
}

function removeLayersOf(actor: Actor, names: ReadonlySet<string>): void {
  const { environment } = actor
  const vanishing = componentsThatVanish(environment, names)
  const gone = new Set(vanishing.map(({ component }) => component))
  dropData(environment, vanishing)
  const touched = new Set<string>()
  for (const layer of allLayers(environment)) {
    if (!names.has(layer.solution) && !gone.has(layer.component)) continue
    removeLayer(environment, layer)
    touched.add(layer.component)
  }
  for (const layer of vanishing) {
    if (layer.row !== null) environment.store.remove(layer.row.table, layer.objectId)
  }
  for (const row of environment.store.rows('solutioncomponent')) {
    if (gone.has(text(row, '(component)')))
      environment.store.remove('solutioncomponent', text(row, 'solutioncomponentid'))
  }
  for (const component of touched) if (!gone.has(component)) refreshRow(actor, component, false)
}

function removeContainer(environment: Environment, solution: Row): void {
  const id = text(solution, 'solutionid')
  environment.store.remove('solution', id)
  for (const row of environment.store.filter('solutioncomponent', (item) => item['solutionid'] === id)) {
    environment.store.remove('solutioncomponent', text(row, 'solutioncomponentid'))
  }
  dropArchive(environment, text(solution, 'uniquename'))
}

/** Finds the holding solution of a base, if an upgrade is pending. */
export function holdingOf(environment: Environment, uniqueName: string): Row | undefined {
  return findSolution(environment, `${uniqueName}_Upgrade`)
}
