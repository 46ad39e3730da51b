import { type Change, countedKind, type Property, spoken } from '@dsa/solution-package/diff'
import { counted, listed } from '@dsa/user-error'
import { isOwnership } from './ownership.ts'
import { privilegeMatrix } from './privilege-matrix.ts'
import { bold, code, difference, plain, row, shortIds, tableHead } from './text.ts'

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

/** Characters that every font has. */
const MARKS = { added: '+', changed: '±', removed: '−' } as const

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** Names of components that share a row. */
const MOST_NAMES = 5

/** Components whose changes say the same: five views that lost one column are one row. */
interface Alike {
  readonly changes: readonly [Change, ...Change[]]
  /** Markdown. */
  readonly names: readonly string[]
}

/** The components of an area; where two have one name, the logical name tells them apart. */
export function shownComponents(changes: readonly Change[]): readonly ShownComponent[] {
  const labels = new Map<string, number>()
  for (const change of changes) labels.set(labelKey(change), (labels.get(labelKey(change)) ?? 0) + 1)
  const ownTable = changes.find(({ kind }) => kind === 'table')?.change
  const groups = new Map<string, Alike>()
  for (const change of changes) {
    const comesAlong =
      change.relation !== undefined && change.change !== 'changed' && change.change === ownTable
    const key = comesAlong ? 'relationships' : contentKey(change)
    const isTold = !comesAlong || !isOwnership(change.relation)
    const names = isTold ? [nameOf(change, (labels.get(labelKey(change)) ?? 0) > 1)] : []
    const known = groups.get(key)
    groups.set(
      key,
      known === undefined
        ? { changes: [change], names }
        : { changes: [...known.changes, change], names: [...known.names, ...names] },
    )
  }
  return [...groups.values()].map(shownComponent)
}

function labelKey(change: Change): string {
  return `${change.kind}\0${labelOf(change)}`
}

/** A relationship is called by what it joins. */
function labelOf({ name, relation }: Change): string {
  if (relation === undefined) return name
  const { type, from, to } = relation
  return `${from.name} ${type === 'many-to-many' ? '↔' : '→'} ${to.name}`
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
  const shown = names.slice(0, MOST_NAMES)
  const others = changes.length - shown.length
  const { rows, more } = rowsOf(
    change,
    `${MARKS[change.change]} ${kind}`,
    listed([...shown, ...(others > 0 ? [counted(others, 'other')] : [])]),
    matrix?.paths ?? new Set(),
    changes.length > 1,
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

function nameOf(change: Change, isAlike: boolean): string {
  const label = labelOf(change)
  const logical = change.id.split('.').at(-1) ?? change.id
  const shown = bold(label) || bold(logical)
  if (!isAlike || logical === label.toLowerCase()) return shown
  return `${shown} (${GUID.test(logical) ? shortIds(logical) : code(logical)})`
}

function rowsOf(
  change: Change,
  head: string,
  name: string,
  shownElsewhere: ReadonlySet<string>,
  shares: boolean,
): { rows: readonly string[]; more: number } {
  if (change.change !== 'changed') {
    const about = shares ? '' : identity(change)
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

/** `Field Notes · Control lin_notes · Visible` says twice whose it is. */
function withoutRepeats(label: string): string {
  const parts = label.split(' · ')
  return parts
    .filter((part, at) => at === 0 || !isRepeated(part, parts[at - 1] ?? '', at === parts.length - 1))
    .join(' · ')
}

function isRepeated(part: string, before: string, isLast: boolean): boolean {
  if (!isLast && part.startsWith('Control ') && before.startsWith('Field ')) return true
  return ownName(part) !== '' && ownName(part) === ownName(before)
}

function ownName(part: string): string {
  return part.split(' ').slice(1).join(' ')
}

/** What the name of a relationship says already. */
const JOINED = new Set(['Type', 'Primary table', 'Related table', 'First table', 'Second table'])

function isType({ label }: Property): boolean {
  return /^(?:data )?type\b/i.test(label)
}

/** What says what a component is; its type needs no name. */
function identity({ properties, relation }: Change): string {
  return properties
    .filter(({ label }) => relation === undefined || !JOINED.has(label))
    .toSorted((a, b) => Number(isType(b)) - Number(isType(a)))
    .map((property) => {
      const value = valueText(property.head ?? property.base ?? '')
      return isType(property) ? value : `${plain(property.label)}: ${value}`
    })
    .join(', ')
}

/** A part whose name is all that there is to say of it comes or goes. */
function valuesOf({ label, base, head, text }: Property): readonly [string, string] {
  if (text !== undefined) return ['', 'changed, see below']
  if (base === null && head !== null && label.endsWith(head)) return ['', 'added']
  if (head === null && base !== null && label.endsWith(base)) return ['', 'removed']
  return [base === null ? '' : valueText(base), head === null ? 'removed' : valueText(head)]
}

/** Of a connector its name. */
function valueText(text: string): string {
  return plain(shortIds(text.replace(/^\/providers\/Microsoft\.PowerApps\/apis\//, '')))
}
