import { changeOf, keyOf, type ComparedComponent, type Component } from './compared-component.ts'
import { rawAt } from './facts/fact.ts'
import { isShellTable } from './kinds/table.ts'
import { ROOT_PATH } from './kinds/solution.ts'
import { COMPONENT_KINDS, type Change, type ComponentKind } from './report.ts'

/** What is to be told: parts of a component that is new or gone are counted in it, and what says nothing is left out. */
export function listed(
  compared: readonly ComparedComponent[],
  components: ReadonlyMap<string, Component>,
): ComparedComponent[] {
  const parts = new Map<string, ComparedComponent[]>()
  const inclusions = inclusionsOf(compared)
  const own = compared.filter((item) => {
    const { parent, change } = item.change
    const around = parent && components.get(keyOf(parent))
    if (around === undefined || change === 'changed') return true
    const isOfPlatform = rawAt(change === 'added' ? item.head : item.base, 'IsCustomField') === '0'
    const comesWithIt = isOfPlatform && inclusions.get(keyOf(around)) === change
    if (changeOf(around) !== change && !comesWithIt) return true
    const list = parts.get(keyOf(around))
    if (list === undefined) parts.set(keyOf(around), [item])
    else list.push(item)
    return false
  })
  return own
    .filter(({ change }) => change.change !== 'changed' || change.properties.length > 0)
    .map((item) => {
      const inner = parts.get(keyOf(item.component)) ?? []
      return inner.length === 0 ? item : { ...item, change: withParts(item.change, inner) }
    })
}

/** Tables that are whole from now on, which brings the columns of the platform, or a shell, which takes them. */
function inclusionsOf(compared: readonly ComparedComponent[]): Map<string, Change['change']> {
  return new Map(
    compared.flatMap(({ component, base, head }) =>
      component.kind !== 'table' || isShellTable(base) === isShellTable(head)
        ? []
        : [[keyOf(component), isShellTable(base) ? 'added' : 'removed'] as const],
    ),
  )
}

const PLURALS: Readonly<Partial<Record<ComponentKind, string>>> = {
  column: 'Columns',
  key: 'Keys',
  form: 'Forms',
  view: 'Views',
  chart: 'Charts',
  'agent-component': 'Components of the agent',
  'site-component': 'Components of the site',
}

function withParts(change: Change, parts: readonly ComparedComponent[]): Change {
  const way = parts[0]?.change.change
  const counts = COMPONENT_KINDS.flatMap((kind) => {
    const label = PLURALS[kind]
    const count = parts.filter(({ component }) => component.kind === kind).length
    if (label === undefined || count === 0) return []
    const shown = String(count)
    return [
      {
        label,
        path: '',
        base: way === 'removed' ? shown : null,
        head: way === 'added' ? shown : null,
      },
    ]
  })
  const files = new Set([...change.files, ...parts.flatMap((part) => part.change.files)])
  return { ...change, properties: [...change.properties, ...counts], files: [...files].toSorted() }
}

/** A root component is not told by itself where the component is. */
export function withoutRootsToldElsewhere(changes: readonly Change[]): Change[] {
  const told = new Set(
    changes.flatMap(({ kind, change, id }) => (kind === 'solution' || change === 'changed' ? [] : [id])),
  )
  return changes.flatMap((change) => {
    if (change.kind !== 'solution') return [change]
    const properties = change.properties.filter(({ path, base, head }) => {
      if (!path.startsWith(ROOT_PATH) || (base !== null && head !== null)) return true
      const name = (base ?? head ?? '').toLowerCase().replace(/^\{(.*)\}$/, '$1')
      return !told.has(name)
    })
    return properties.length === 0 && change.change === 'changed' ? [] : [{ ...change, properties }]
  })
}
