import { COMPONENTS, componentTypeName } from '@dsa/solution-package'
import type { Change, Effect } from '@dsa/solution-package/diff'
import type { Archive } from './archive.ts'
import { fold } from './archive-components.ts'
import { inOrder, type Removal, type Removals } from './removals.ts'

/** What an upgrade from one archive of a solution to another deletes; everything in them is known. */
export async function compareArchives(before: Archive, after: Archive): Promise<Removals> {
  // It is large, and few imports have two archives.
  const { compareSolutions, spoken } = await import('@dsa/solution-package/diff')
  const { changes } = compareSolutions(before.tree, after.tree)
  const gone = changes.filter(({ change }) => change === 'removed')
  const told = new Set(gone.flatMap(({ id, name }) => [id, fold(name)]))
  // What is listed and defined nowhere, as components of newer kinds, leaves with its line in solution.xml.
  const roots = [...before.components.roots]
    .filter(([key, { name }]) => !after.components.roots.has(key) && name !== '' && !told.has(fold(name)))
    .map(([, { type, name }]): Removal => ({ kind: componentTypeName(type), name }))
  const removed = gone.map((change) => removal(change, capitalized(spoken(change.kind))))
  return {
    removed: inOrder([...removed, ...roots]),
    notCompared: [],
    dataIsCertain: true,
    refusals: changes.flatMap(({ effects }) => effects.filter(isRefusal).map(inSentences)),
  }
}

function removal({ kind, id, name, parent, effects }: Change, words: string): Removal {
  if (kind === 'table') return { kind: COMPONENTS.table.label, name: id, data: 'rows' }
  if (kind === 'column') return { kind: COMPONENTS.column.label, name: id, data: 'values' }
  const isLoss = effects.some(({ effect }) => effect === 'data-loss')
  return {
    kind: words,
    name: parent === undefined ? name : `${parent.name}: ${name}`,
    ...(isLoss && { data: 'values' }),
  }
}

function isRefusal({ effect, level }: Effect): boolean {
  return effect === 'import-fails' && level === 'error'
}

function inSentences({ reason, advice }: Effect): string {
  return `${reason} ${advice}`
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
