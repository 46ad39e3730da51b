import { componentKey } from '../archive/type-names.ts'
import { ACTIVE, type Layer } from './layer.ts'
import type { Environment } from '../../environment.ts'

import type { Component } from '../archive/content.ts'

const NEVER = '1900-01-01T00:00:00Z'

export function allLayers(environment: Environment): readonly Layer[] {
  return environment.store.layers.all()
}

const indexes = new WeakMap<readonly Layer[], ReadonlyMap<string, readonly Layer[]>>()

/** Layers by component, from the bottom to the top. */
export function layersByComponent(environment: Environment): ReadonlyMap<string, readonly Layer[]> {
  const layers = allLayers(environment)
  const known = indexes.get(layers)
  if (known !== undefined) return known
  const index = new Map<string, Layer[]>()
  for (const layer of layers) {
    const list = index.get(layer.component)
    if (list === undefined) index.set(layer.component, [layer])
    else list.push(layer)
  }
  for (const list of index.values()) list.sort((left, right) => height(left) - height(right))
  indexes.set(layers, index)
  return index
}

function height(layer: Layer): number {
  return layer.solution === ACTIVE ? Infinity : layer.sequence
}

export function layersOf(environment: Environment, component: string): readonly Layer[] {
  return layersByComponent(environment).get(component) ?? []
}

export function putLayer(environment: Environment, layer: Layer): void {
  environment.store.layers.put(`${layer.component}|${layer.solution}`, layer)
}

export function removeLayer(environment: Environment, layer: Layer): void {
  environment.store.layers.remove(`${layer.component}|${layer.solution}`)
}

export function nextSequence(environment: Environment): number {
  return (
    allLayers(environment).reduce((highest, { sequence }) => Math.max(highest, Math.floor(sequence)), 0) + 1
  )
}

export interface LayerPlace {
  readonly solution: string
  readonly sequence: number
  readonly publisher: string
  readonly published: boolean
  readonly changedOn: string
}

export function layerOf(component: Component, place: LayerPlace): Layer {
  return {
    component: component.key,
    solution: place.solution,
    typeName: component.typeName,
    objectId: component.objectId,
    schemaName: component.schemaName,
    displayName: component.displayName,
    parent: component.parent ?? null,
    sequence: place.sequence,
    attributes: component.attributes,
    overwrittenOn: NEVER,
    changedOn: place.changedOn,
    publisher: place.publisher,
    published: place.published,
    root: component.root,
    behavior: component.behavior,
    row: component.row ?? null,
  }
}

/** Every environment has the one site map that has no name. */
const PLATFORM_SITE_MAP = componentKey('SiteMap', undefined, '')

/**
 * Whether the platform brings the component by itself, so that no solution's leaving can delete it. Microsoft's own
 * tables and columns have no prefix.
 */
export function isPlatformComponent(component: string): boolean {
  const match = /^(Entity|Attribute|OptionSet|EntityRelationship):(.+)$/.exec(component)
  if (match?.[2] === undefined) return component === PLATFORM_SITE_MAP
  return match[2].split('.').every((name) => !name.includes('_'))
}

const MERGED = new Set(['SystemForm', 'AppModule', 'SiteMap'])

/** Kinds whose layers merge: overwriting unmanaged customizations does not touch them. */
export function isMerged(typeName: string): boolean {
  return MERGED.has(typeName) || typeName.startsWith('Ribbon')
}
