import { rootTypeOf } from '../model/kind-of.ts'
import { KINDS } from '../model/kinds.ts'
import type { RootComponent } from '../manifest.ts'
import { SolutionError } from '../solution-error.ts'
import type { PackedComponent } from '../sources/xml/packing.ts'

/**
 * Compares the components of a tree with the root components that solution.xml lists, names without case.
 * @returns warnings for root components that nothing in the tree stands for
 * @throws SolutionError for components that have to be listed and are not, as SolutionPackager refuses them
 */
export function checkRootComponents(
  components: readonly PackedComponent[],
  rootComponents: readonly RootComponent[],
): string[] {
  const missing = componentsWithoutRoot(components, rootComponents)
  if (missing.length > 0) {
    const shown = missing.slice(0, 10).map(({ kind, path, names }) => {
      return `${path} (type ${rootTypeOf(kind)}, ${names.join(' or ')})`
    })
    const more = missing.length > 10 ? ` and ${missing.length - 10} more` : ''
    const advice = 'add a RootComponent for each, or take the files out'
    throw new SolutionError(
      `Other/Solution.xml does not list in RootComponents: ${shown.join(', ')}${more}; ${advice}`,
    )
  }
  return rootsWithoutComponent(components, rootComponents).map((root) => {
    return `Other/Solution.xml: the root component ${rootComponentName(root)} (type ${root.type}) has no file in the folder`
  })
}

/** Components that have to be root components and are not listed as such. */
export function componentsWithoutRoot(
  components: readonly PackedComponent[],
  rootComponents: readonly RootComponent[],
): PackedComponent[] {
  const listed = new Set(rootComponents.flatMap((component) => componentKeys(component)))
  return components.filter(({ kind, names, isRoot }) => {
    const type = rootTypeOf(kind) ?? ''
    return isRoot && names.length > 0 && !names.some((name) => listed.has(key(type, name)))
  })
}

/** Root components of the kinds that are files, without one. */
export function rootsWithoutComponent(
  components: readonly PackedComponent[],
  rootComponents: readonly RootComponent[],
): RootComponent[] {
  const checkedTypes = new Set(
    KINDS.flatMap((kind) => (kind.rootComponent?.checked === true ? [rootTypeOf(kind)] : [])),
  )
  const present = new Set(
    components.flatMap(({ kind, names }) => names.map((name) => key(rootTypeOf(kind) ?? '', name))),
  )
  return rootComponents.filter(
    (component) =>
      checkedTypes.has(component.type) && !componentKeys(component).some((name) => present.has(name)),
  )
}

export function rootComponentName({ schemaName, id }: RootComponent): string {
  return schemaName ?? id ?? ''
}

/** What a component is compared by. One without a name, as the site map of old, is known by its type alone. */
export function componentKeys({ type, schemaName, id }: RootComponent): string[] {
  const names = [schemaName, id].filter((name) => name !== undefined && name !== '')
  return (names.length === 0 ? [''] : names).map((name) => key(type, name ?? ''))
}

/** Identifiers are written with and without braces. */
function key(type: string, name: string): string {
  return `${type}:${name.replace(/^\{(.*)\}$/, '$1').toLowerCase()}`
}
