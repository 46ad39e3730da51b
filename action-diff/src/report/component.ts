import type { Change, Property } from '@dsa/solution-package/diff'
import { listed } from '@dsa/user-error'
import { countedKind, spoken } from './areas.ts'
import { privilegeMatrix } from './privilege-matrix.ts'
import { bold, code, difference, plain, row, tableHead } from './text.ts'

/** Differences of one component that are shown; a form that was laid out anew has hundreds. */
const MOST_ROWS = 40
/** Texts of one component that are shown by their lines. */
const MOST_TEXTS = 5

/** What a reader sees of a component: rows of its area's table, and what stands below that. */
export interface ShownComponent {
  /** How many it stands for. */
  readonly count: number
  readonly rows: string
  readonly below: string
}

export const AREA_HEAD = tableHead(['', '', 'before', 'after'])

const MARKS = { added: '＋', changed: '～', removed: '－' } as const

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** Names of components that share a row. */
const MOST_NAMES = 5

/** Components whose changes say the same: five views that lost one column are one row. */
interface Alike {
  readonly changes: readonly [Change, ...Change[]]
  readonly names: readonly string[]
}

/** The components of an area; where two have one name, the logical name tells them apart. */
export function shownComponents(changes: readonly Change[]): readonly ShownComponent[] {
  const labels = new Map<string, number>()
  for (const change of changes) labels.set(labelKey(change), (labels.get(labelKey(change)) ?? 0) + 1)
  const groups = new Map<string, Alike>()
  for (const change of changes) {
    const key = contentKey(change)
    const name = nameOf(change, (labels.get(labelKey(change)) ?? 0) > 1)
    const known = groups.get(key)
    groups.set(
      key,
      known === undefined
        ? { changes: [change], names: [name] }
        : { changes: [...known.changes, change], names: [...known.names, name] },
    )
  }
  return [...groups.values()].map(shownComponent)
}

function labelKey({ kind, name }: Change): string {
  return `${kind}\0${name}`
}

/** New and lost components each have their row, since the name is what is told. */
function contentKey({ kind, id, change, properties, privileges }: Change): string {
  return change === 'changed' && privileges === undefined
    ? JSON.stringify([kind, properties.map(({ label, base, head, text }) => [label, base, head, text])])
    : JSON.stringify([kind, id])
}

function shownComponent({ changes, names }: Alike): ShownComponent {
  const [change] = changes
  const matrix = privilegeMatrix(change)
  const kind = changes.length === 1 ? spoken(change.kind) : countedKind(change.kind, changes.length)
  const shown =
    names.length > MOST_NAMES
      ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} others`]
      : [...names]
  const { rows, more } = rowsOf(
    change,
    `${MARKS[change.change]} ${kind}`,
    listed(shown),
    matrix?.paths ?? new Set(),
  )
  const texts = change.properties.flatMap(({ label, text }) =>
    text === undefined ? [] : [difference(`${change.name} · ${label}`, text)],
  )
  return {
    count: changes.length,
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
  head: string,
  name: string,
  shownElsewhere: ReadonlySet<string>,
): { rows: readonly string[]; more: number } {
  if (change.change !== 'changed') {
    const about = identity(change)
    const cells = change.change === 'added' ? ['', about] : [about, 'removed']
    return { rows: [row([head, name, ...cells])], more: 0 }
  }
  const told = change.properties.filter(({ path }) => !shownElsewhere.has(path))
  const rows = told.slice(0, MOST_ROWS).map((property, at) => {
    const label = plain(withoutRepeats(property.label))
    return row([at === 0 ? head : '', at === 0 ? `${name} · ${label}` : label, ...valuesOf(property)])
  })
  return { rows, more: told.length - rows.length }
}

/** `Field x · Control x · Visible` says twice whose it is. */
function withoutRepeats(label: string): string {
  const parts = label.split(' · ')
  return parts
    .filter((part, at) => at === 0 || ownName(part) === '' || ownName(part) !== ownName(parts[at - 1] ?? ''))
    .join(' · ')
}

function ownName(part: string): string {
  return part.split(' ').slice(1).join(' ')
}

/** What says what a component is; its type needs no name. */
function identity({ properties }: Change): string {
  return properties
    .map(({ label, base, head }) => {
      const value = valueText(head ?? base ?? '')
      return /^(?:data )?type\b/i.test(label) ? value : `${plain(label)}: ${value}`
    })
    .join(', ')
}

/** A part whose name is all that there is to say of it comes or goes. */
function valuesOf({ label, base, head }: Property): readonly [string, string] {
  if (base === null && head !== null && label.endsWith(head)) return ['', 'added']
  if (head === null && base !== null && label.endsWith(base)) return ['', 'removed']
  return [base === null ? '' : valueText(base), head === null ? 'removed' : valueText(head)]
}

/** Ids tell a reader only whether two are the same. */
function valueText(text: string): string {
  return plain(text.replace(/\{?\b([0-9a-f]{8})-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b\}?/gi, '$1…'))
}
