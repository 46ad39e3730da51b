import type { Change } from '@dsa/solution-package/diff'
import { bold, plain, row, tableHead } from './text.ts'

/** As the maker portal orders them. */
const VERBS = ['Create', 'Read', 'Write', 'Delete', 'Append', 'Append to', 'Assign', 'Share'] as const

/** A role that lost everything on hundreds of tables is told by its first ones. */
const MOST_TABLES = 30

/** The privileges of a role on the tables of which one changed: only what changed is bold. */
export function privilegeMatrix({
  name,
  privileges = [],
}: Change): { readonly table: string; readonly paths: ReadonlySet<string> } | undefined {
  if (privileges.length === 0) return undefined
  const tables = new Map<string, Map<string, string>>()
  for (const { table, verb, base, head } of privileges) {
    const cells = tables.get(table) ?? new Map<string, string>()
    tables.set(table, cells)
    cells.set(
      verb,
      base === head ? plain(head ?? '') : `${plain(base ?? 'None')} → ${bold(head ?? 'None', 'value')}`,
    )
  }
  const used = VERBS.filter((verb) => [...tables.values()].some((cells) => cells.has(verb)))
  const rows = [...tables]
    .slice(0, MOST_TABLES)
    .map(([table, cells]) => row([plain(table, 'name'), ...used.map((verb) => cells.get(verb) ?? '')]))
  const more = tables.size - rows.length
  return {
    table: `${tableHead([plain(name, 'name'), ...used])}${rows.join('')}${more > 0 ? row([`and ${more} more`, ...used.map(() => '')]) : ''}\n`,
    paths: new Set(privileges.filter(({ base, head }) => base !== head).map(({ path }) => path)),
  }
}
