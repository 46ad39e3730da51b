import type { ComparedComponent } from '../compared-component.ts'
import { rawAt } from '../facts/fact.ts'
import { readPieces } from '../pieces/read-pieces.ts'
import { COMPONENT_KINDS, type ComponentKind } from '../report.ts'
import type { Side } from '../side.ts'
import { keysOf } from './head-table.ts'
import { lostOptions } from './rules/option.ts'
import type { EffectRule, Finding, Surroundings } from './rule.ts'
import { named } from './values.ts'

/** Files that name components of a kind, and what they name them by. */
interface Users {
  readonly at: RegExp
  readonly by?: (id: string) => string
}

const LAYOUTS = String.raw`^Entities/[^/]+/(?:FormXml|SavedQueries|Visualizations|Formulas)/`
const APPS = String.raw`^AppModules/|^AppModuleSiteMaps/|^Other/SiteMap`
const DASHBOARDS = String.raw`^(?:InteractionCentric)?Dashboards/`
const FLOWS = String.raw`^Workflows/.*\.(?:json|xaml)$`

const SHOWN: Users = { at: new RegExp(`${APPS}|${DASHBOARDS}|^Entities/[^/]+/FormXml/`, 'i') }
const PROCESS: Users = { at: new RegExp(`${FLOWS}|${APPS}`, 'i') }

const USERS: Readonly<Partial<Record<ComponentKind, Users>>> = {
  column: {
    at: new RegExp(`${LAYOUTS}|^Workflows/|${DASHBOARDS}|^SdkMessageProcessingSteps/`, 'i'),
    by: (id) => id.split('.').at(-1) ?? id,
  },
  table: { at: new RegExp(`${LAYOUTS}|^Workflows/|${DASHBOARDS}|${APPS}|^SdkMessageProcessingSteps/`, 'i') },
  choice: { at: /^Entities\/[^/]+\/Entity\.xml$/i },
  form: SHOWN,
  view: SHOWN,
  chart: SHOWN,
  dashboard: SHOWN,
  'site-map': { at: /^AppModules\//i },
  'security-role': { at: /^AppModules\/|^Entities\/[^/]+\/FormXml\//i },
  'web-resource': {
    at: new RegExp(`${APPS}|${DASHBOARDS}|^Entities/[^/]+/(?:FormXml/|RibbonDiff)|^Other/Ribbon`, 'i'),
  },
  'code-component': { at: /^Entities\/[^/]+\/(?:FormXml|SavedQueries)\// },
  'environment-variable': { at: new RegExp(`${FLOWS}|^CanvasApps/[^/]+\\.meta\\.xml$`, 'i') },
  'connection-reference': { at: new RegExp(FLOWS, 'i') },
  'cloud-flow': PROCESS,
  'classic-workflow': PROCESS,
  'custom-action': PROCESS,
  'business-process-flow': PROCESS,
}

/** Where something that is gone is still named in what stays in the solution. */
export const USE_EFFECTS: readonly EffectRule[] = [
  {
    id: 'removed-but-used',
    kinds: COMPONENT_KINDS.filter((kind) => USERS[kind] !== undefined),
    effect: 'breaks',
    level: 'warning',
    title: 'Something is removed that others of the solution still use',
    why: 'What a view, form, flow, key, chart or app still names cannot be deleted (0x8004f01f), or they fail without it. The files of the solution are looked through for its name; an option that a filter compares with counts, too.',
    advice: 'Change what uses it first.',
    find: (item, around) => {
      if (around.head === undefined) return []
      const { change } = item.change
      if (change === 'removed') return usesOf(item, around.head, around)
      return change === 'changed' ? usedOptions(item, around.head, around) : []
    },
  },
]

function usesOf(item: ComparedComponent, head: Side, { textOf }: Surroundings): readonly Finding[] {
  const { kind, id } = item.component
  const users = USERS[kind]
  if (users === undefined) return []
  const name = users.by?.(id) ?? id
  const pattern = new RegExp(`(?<![\\w.])${escaped(name)}(?!\\w)`, 'i')
  const own = kind === 'column' ? `entities/${id.split('.')[0] ?? ''}/` : ''
  // Names without a prefix, such as name, are columns of many tables.
  const isEverywhere = kind !== 'column' || name.includes('_')
  const paths = head.paths.filter(
    (path) =>
      users.at.test(path) && (isEverywhere || path.toLowerCase().startsWith(own)) && !isTwin(path, head),
  )
  head.tree.prefetch?.(paths)
  const isOfTable = (path: string): boolean =>
    kind !== 'column' ||
    path.toLowerCase().startsWith(own) ||
    namesOfTable(item, head, textOf).some((table) => textOf(path).toLowerCase().includes(table))
  const found = paths.filter((path) => pattern.test(textOf(path)) && isOfTable(path))
  const keys = kind === 'column' ? keysWith(item, name, head) : []
  const shown = [...keys, ...found]
  if (shown.length === 0) return []
  return [
    {
      reason: `${capital(kind)} ${named(item)} is removed, and still named in ${few(shown)}.`,
      path: '',
      value: '',
    },
  ]
}

/** What files outside of its folder call a table by: other tables may have a column of the same name. */
function namesOfTable({ change }: ComparedComponent, head: Side, textOf: Surroundings['textOf']): string[] {
  const table = change.parent?.id ?? ''
  const definition = head.find(`Entities/${table}/Entity.xml`)
  const set = definition && /<EntitySetName>([^<]+)</.exec(textOf(definition))?.[1]
  return set === undefined ? [table] : [table, set.toLowerCase()]
}

/** The managed variant of a file says the same once more. */
function isTwin(path: string, head: Side): boolean {
  const plain = path.replace(/_managed(?=\.xml$)/i, '')
  return plain !== path && head.find(plain) !== undefined
}

/** Alternate keys that still have a column which is gone. */
function keysWith(item: ComparedComponent, column: string, head: Side): string[] {
  const table = item.change.parent?.id ?? ''
  return keysOf(table, head)
    .filter(({ columns }) => columns.includes(column))
    .map(({ name }) => `the key '${name}'`)
}

/** Options that are gone and that a filter still compares with. */
function usedOptions(item: ComparedComponent, head: Side, { textOf }: Surroundings): readonly Finding[] {
  const lost = lostOptions(item)
  if (lost.length === 0) return []
  const columns = columnsOf(item, head, textOf)
  const paths = head.paths.filter((path) => FILTERS.test(path))
  head.tree.prefetch?.(paths)
  return lost.flatMap((option) => {
    const value = /\[(.*)\]/.exec(option.key)?.[1] ?? ''
    const found = paths.filter((path) =>
      columns.some((column) =>
        new RegExp(
          `<condition(?=[^>]*\\sattribute="${escaped(column)}")(?:[^>]*\\svalue="${escaped(value)}"|[^>]*>(?:(?!</condition>)[\\s\\S])*?<value[^>]*>\\s*${escaped(value)}\\s*<)`,
          'i',
        ).test(textOf(path)),
      ),
    )
    if (found.length === 0) return []
    return [
      {
        reason: `Option ${option.shown ?? value} of ${named(item)} is removed, and ${few(found)} still ${found.length === 1 ? 'compares' : 'compare'} with it.`,
        path: option.path,
        value: 'used',
      },
    ]
  })
}

const FILTERS = /^Entities\/[^/]+\/(?:SavedQueries|Visualizations|FormXml)\//i

/** The logical names of columns that have the options of a component. */
function columnsOf(item: ComparedComponent, head: Side, textOf: Surroundings['textOf']): string[] {
  const { kind, id } = item.component
  if (kind === 'column') return [id.split('.').at(-1) ?? id]
  const tables = head.paths.filter((path) => /^Entities\/[^/]+\/Entity\.xml$/i.test(path))
  head.tree.prefetch?.(tables)
  const users = tables.filter((path) => textOf(path).toLowerCase().includes(`<optionsetname>${id}<`))
  const columns = users.flatMap((path) =>
    readPieces(path, head).filter(
      (piece) => piece.kind === 'column' && rawAt(piece.facts, 'OptionSetName')?.toLowerCase() === id,
    ),
  )
  return [...new Set(columns.map((column) => column.id.split('.').at(-1) ?? column.id))]
}

function few(files: readonly string[]): string {
  const more = files.length > 3 ? ` and ${files.length - 3} more` : ''
  return `${files.slice(0, 3).join(', ')}${more}`
}

function capital(kind: ComponentKind): string {
  const words = kind.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function escaped(text: string): string {
  return text.replaceAll(/\W/g, String.raw`\$&`)
}
