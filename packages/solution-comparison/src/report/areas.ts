import { type Change, type ComponentKind, countedKind } from '@dsa/solution-package/diff'
import { inTitle } from './text.ts'

/** What stands together for a reader, whatever files it lies in. */
const AREAS: readonly (readonly [title: string, kinds: readonly ComponentKind[]])[] = [
  ['Solution', ['solution']],
  ['Choices', ['choice']],
  ['Relationships', ['relationship']],
  ['Security', ['security-role', 'column-security-profile', 'connection-role']],
  [
    'Processes',
    [
      'cloud-flow',
      'classic-workflow',
      'dialog',
      'business-rule',
      'custom-action',
      'business-process-flow',
      'desktop-flow',
    ],
  ],
  ['Apps', ['model-driven-app', 'site-map', 'canvas-app', 'command', 'dashboard', 'mobile-offline-profile']],
  [
    'Code',
    [
      'web-resource',
      'plug-in-assembly',
      'plug-in-package',
      'plug-in-step',
      'service-endpoint',
      'custom-api',
      'code-component',
      'custom-connector',
    ],
  ],
  ['Settings', ['environment-variable', 'connection-reference']],
  ['Agents', ['agent', 'agent-component', 'ai-model']],
  ['Sites', ['site', 'site-component']],
]

const OTHERS = 'Others'

/** Components that stand behind one title. */
export interface Area {
  /** Text of HTML. */
  readonly title: string
  readonly changes: readonly Change[]
}

/** Changes by table, then by area; what is most important comes first within each. */
export function areasOf(changes: readonly Change[]): readonly Area[] {
  const changed = new Set(changes.flatMap((change) => ownTable(change)?.id ?? []))
  const tables = new Map<string, { name: string; id: string; changes: Change[] }>()
  const areas = new Map<string, Change[]>()
  for (const change of changes) {
    const table = ownTable(change) ?? joinedTable(change, changed)
    if (table !== undefined) {
      const group = tables.get(table.id) ?? { ...table, changes: [] }
      tables.set(table.id, group)
      group.changes.push(change)
      continue
    }
    const title = AREAS.find(([, kinds]) => kinds.includes(change.kind))?.[0] ?? OTHERS
    areas.set(title, [...(areas.get(title) ?? []), change])
  }
  const names = [...tables.values()].map(({ name }) => name)
  return [
    ...[...tables.values()].map(({ name, id, changes: own }) => ({
      title: titled(names.filter((other) => other === name).length > 1 ? `${name} (${id})` : name, own),
      changes: own,
    })),
    ...[...AREAS.map(([title]) => title), OTHERS].flatMap((title) => {
      const own = areas.get(title)
      return own === undefined ? [] : [{ title: titled(title, own), changes: own }]
    }),
  ]
}

function ownTable(change: Change): { id: string; name: string } | undefined {
  if (change.kind === 'table') return change
  return change.parent?.kind === 'table' ? change.parent : undefined
}

/** A relationship stands with the table of its lookup, or with the other one where only that changed. */
function joinedTable(
  { relation }: Change,
  changed: ReadonlySet<string>,
): { id: string; name: string } | undefined {
  if (relation === undefined) return undefined
  return changed.has(relation.from.id) && !changed.has(relation.to.id) ? relation.from : relation.to
}

function titled(name: string, changes: readonly Change[]): string {
  const isAlone = changes.every(({ kind }) => kind === 'solution')
  return `<b>${inTitle(name)}</b>${isAlone ? '' : ` · ${kindsOf(changes)}`}`
}

function kindsOf(changes: readonly Change[]): string {
  const counts = new Map<ComponentKind, number>()
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => countedKind(kind, count)).join(', ')
}
