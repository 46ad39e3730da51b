import type { Change, Property } from '@dsa/solution-package/diff'
import { spoken } from './areas.ts'
import { privilegeMatrix } from './privilege-matrix.ts'
import { bold, code, difference, plain, row, tableHead } from './text.ts'

/** Differences of one component that are shown; a form that was laid out anew has hundreds. */
const MOST_ROWS = 40
/** Texts of one component that are shown by their lines. */
const MOST_TEXTS = 5

/** What a reader sees of a component: rows of its area's table, and what stands below that. */
export interface ShownComponent {
  readonly rows: string
  readonly below: string
}

export const AREA_HEAD = tableHead(['', '', 'before', 'after'])

const MARKS = { added: '＋', changed: '～', removed: '－' } as const

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** The components of an area; where two have one name, the logical name tells them apart. */
export function shownComponents(changes: readonly Change[]): readonly ShownComponent[] {
  const labels = new Map<string, number>()
  for (const change of changes) labels.set(labelKey(change), (labels.get(labelKey(change)) ?? 0) + 1)
  return changes.map((change) => shownComponent(change, (labels.get(labelKey(change)) ?? 0) > 1))
}

function labelKey({ kind, name }: Change): string {
  return `${kind}\0${name}`
}

function shownComponent(change: Change, isAlike: boolean): ShownComponent {
  const matrix = privilegeMatrix(change)
  const { rows, more } = rowsOf(change, nameOf(change, isAlike), matrix?.paths ?? new Set())
  const texts = change.properties.flatMap(({ label, text }) =>
    text === undefined ? [] : [difference(`${change.name} · ${label}`, text)],
  )
  return {
    rows: [...rows, ...(more > 0 ? [row(['', `and ${more} more`, '', ''])] : [])].join(''),
    below: `${matrix?.table ?? ''}${texts.slice(0, MOST_TEXTS).join('')}`,
  }
}

function nameOf({ name, id }: Change, isAlike: boolean): string {
  const logical = id.split('.').at(-1) ?? id
  const shown = bold(name) || bold(logical)
  return isAlike && !GUID.test(logical) && logical !== name.toLowerCase()
    ? `${shown} (${code(logical)})`
    : shown
}

function rowsOf(
  change: Change,
  name: string,
  shownElsewhere: ReadonlySet<string>,
): { rows: readonly string[]; more: number } {
  const head = `${MARKS[change.change]} ${spoken(change.kind)}`
  if (change.change !== 'changed') {
    const about = identity(change)
    return {
      rows: [row([head, name, ...(change.change === 'added' ? ['', about] : [about, 'removed'])])],
      more: 0,
    }
  }
  const told = change.properties.filter(({ path }) => !shownElsewhere.has(path))
  const rows = told
    .slice(0, MOST_ROWS)
    .map((property, at) =>
      row([
        at === 0 ? head : '',
        at === 0 ? `${name} · ${plain(property.label)}` : plain(property.label),
        ...valuesOf(property),
      ]),
    )
  return { rows, more: told.length - rows.length }
}

/** What says what a component is; its type needs no name. */
function identity({ properties }: Change): string {
  return properties
    .map(({ label, base, head }) => {
      const value = plain(head ?? base ?? '')
      return /^(?:data )?type$/i.test(label) ? value : `${plain(label)}: ${value}`
    })
    .join(', ')
}

function valuesOf({ base, head }: Property): readonly [string, string] {
  return [base === null ? '' : plain(base), head === null ? 'removed' : plain(head)]
}
