import type { Row } from '../../store/row.ts'
import { ACTIVE, type Layer } from '../layers/layer.ts'
import { text } from '../../store/value.ts'
import type { Environment } from '../../environment.ts'
import { EMPTY_GUID, normalizeGuid, stableGuid } from '../../stable-id.ts'
import { componentKey, typeNameOf } from '../archive/type-names.ts'
import { componentType } from '../layers/component-types.ts'
import type { ArchiveContent, DependencyEnd, MissingDependency } from '../archive/content.ts'
import { isPlatformComponent, layersByComponent, layersOf } from '../layers/layers.ts'
import { comesWithProductUpdate, isSuppliedByMicrosoft } from './platform.ts'
import { findSolution } from '../solution-row.ts'

/** The key of the component that one end of a dependency names. */
export function endKey(end: DependencyEnd): string {
  const typeName = typeNameOf(end['type'] ?? '')
  const id = normalizeGuid(end['id'])
  const own =
    end['schemaName'] ??
    Object.entries(end).find(([name]) => name.startsWith('id.'))?.[1] ??
    end['displayName'] ??
    ''
  const parent = end['parentSchemaName']
  const name = typeName === 'Attribute' && parent !== undefined ? `${parent}.${own}` : own
  return componentKey(typeName, id, name)
}

export function recordDependencies(
  environment: Environment,
  solution: string,
  content: ArchiveContent,
): void {
  forgetDependencies(environment, new Set([solution]))
  content.missingDependencies.forEach((item, index) => {
    const requirement = { solution, required: endKey(item.required), dependent: endKey(item.dependent) }
    environment.store.requirements.put(`${solution}|${index}`, requirement)
  })
}

/** Takes the requirements of the solutions away; with a new name they go on under it. */
export function forgetDependencies(
  environment: Environment,
  solutions: ReadonlySet<string>,
  newName?: string,
): void {
  const { requirements } = environment.store
  const kept = requirements.all()
  requirements.clear()
  kept.forEach((item, index) => {
    if (!solutions.has(item.solution)) requirements.put(`${item.solution}|${index}`, item)
    else if (newName !== undefined) requirements.put(`${newName}|${index}`, { ...item, solution: newName })
  })
}

/** The dependencies of an archive that this environment cannot meet. */
export function unmetDependencies(
  environment: Environment,
  content: ArchiveContent,
): readonly MissingDependency[] {
  const own = new Set(content.components.map(({ key }) => key))
  const present = layersByComponent(environment)
  return content.missingDependencies.filter(({ required }) => {
    const key = endKey(required)
    if (present.has(key) || own.has(key)) return false
    if (comesWithProductUpdate(required['solution'])) return true
    return !isPlatformComponent(key) && !isSuppliedByMicrosoft(environment, required['solution'])
  })
}

export function isProductUpdate({ required }: MissingDependency): boolean {
  return comesWithProductUpdate(required['solution'])
}

export interface Blocked extends Pick<Layer, 'typeName' | 'objectId'> {
  readonly count: number
}

/** Those of the components that solutions outside of the given ones still need. */
export function dependentsOutside(
  environment: Environment,
  components: readonly Layer[],
  names: ReadonlySet<string>,
): readonly Blocked[] {
  const counts = new Map<string, number>()
  for (const { solution, required } of environment.store.requirements.all()) {
    if (names.has(solution) || findSolution(environment, solution) === undefined) continue
    counts.set(required, (counts.get(required) ?? 0) + 1)
  }
  return components.flatMap(({ component, typeName, objectId }) => {
    const count = counts.get(component)
    return count === undefined ? [] : [{ typeName, objectId, count }]
  })
}

const ACTIVE_SOLUTION = 'fd140aae-4df4-11dd-bd17-0019b9312238'
const SYSTEM_SOLUTION = 'fd140aad-4df4-11dd-bd17-0019b9312238'

/** One end of a dependency as the `dependency` table describes it. */
export interface KnownEnd {
  readonly key: string
  readonly objectId: string
  readonly type: number
  readonly typeName: string
  readonly name: string
  readonly displayName: string
  readonly baseSolution: string
  readonly parentId: string
}

export interface KnownDependency {
  readonly id: string
  readonly required: KnownEnd
  readonly dependent: KnownEnd
  /** 1 within one solution, 2 between published components. */
  readonly kind: 1 | 2
}

const cache = new WeakMap<readonly Layer[], readonly KnownDependency[]>()

/** All dependencies: those that manifests state, and those of parts on their parents. */
export function knownDependencies(environment: Environment): readonly KnownDependency[] {
  const index = layersByComponent(environment)
  const tops = [...index.values()].flatMap((layers) => layers.at(-1) ?? [])
  const anchor = environment.store.layers.all()
  const known = cache.get(anchor)
  if (known !== undefined) return known
  const stated = environment.store.requirements.all().flatMap((item) => {
    const [required, dependent] = [endOf(environment, item.required), endOf(environment, item.dependent)]
    return required === undefined || dependent === undefined ? [] : [dependency(required, dependent, 2)]
  })
  const inner = tops.flatMap((layer) => {
    if (layer.parent === null) return []
    const [required, dependent] = [endOf(environment, layer.parent), endOf(environment, layer.component)]
    return required === undefined || dependent === undefined ? [] : [dependency(required, dependent, 1)]
  })
  const all = [...stated, ...inner]
  cache.set(anchor, all)
  return all
}

function dependency(required: KnownEnd, dependent: KnownEnd, kind: 1 | 2): KnownDependency {
  return { id: stableGuid('dependency', required.key, dependent.key), required, dependent, kind }
}

function endOf(environment: Environment, key: string): KnownEnd | undefined {
  const layers = layersOf(environment, key)
  const bottom = layers[0]
  if (bottom === undefined && !isPlatformComponent(key)) return undefined
  const typeName = key.slice(0, key.indexOf(':'))
  const name = bottom?.schemaName ?? key.slice(key.indexOf(':') + 1)
  const solution = bottom === undefined ? undefined : findSolution(environment, bottom.solution)
  const parent = bottom?.parent ?? null
  return {
    key,
    objectId: bottom?.objectId ?? stableGuid(typeName, name),
    type: componentType(environment, typeName),
    typeName,
    name,
    displayName: bottom?.displayName ?? name,
    baseSolution:
      bottom === undefined
        ? SYSTEM_SOLUTION
        : bottom.solution === ACTIVE
          ? ACTIVE_SOLUTION
          : text(solution, 'solutionid'),
    parentId: parent === null ? EMPTY_GUID : (layersOf(environment, parent)[0]?.objectId ?? EMPTY_GUID),
  }
}

/** The rows of the `dependency` table. */
export function dependencyRows(environment: Environment): readonly Row[] {
  return knownDependencies(environment).map(dependencyRow)
}

export function dependencyRow({ id, required, dependent, kind }: KnownDependency): Row {
  return {
    dependencyid: id,
    dependentcomponentobjectid: dependent.objectId,
    dependentcomponenttype: dependent.type,
    dependentcomponentbasesolutionid: dependent.baseSolution,
    dependentcomponentparentid: dependent.parentId,
    requiredcomponentobjectid: required.objectId,
    requiredcomponenttype: required.type,
    requiredcomponentbasesolutionid: required.baseSolution,
    requiredcomponentparentid: required.parentId,
    requiredcomponentintroducedversion: 1.0,
    dependencytype: kind,
    requiredcomponentnodeid: stableGuid('dependencynode', required.key),
    dependentcomponentnodeid: stableGuid('dependencynode', dependent.key),
  }
}
