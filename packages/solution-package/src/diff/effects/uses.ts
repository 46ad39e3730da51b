import type { ComparedComponent } from '../compared-component.ts'
import type { Side } from '../side.ts'
import type { EffectRule, Finding, Surroundings } from './rule.ts'

/** Files in which columns and tables are named by their logical names. */
const NAMING_FILES =
  /^Entities\/[^/]+\/(?:FormXml|SavedQueries|Visualizations|Formulas)\/|^Workflows\/|^Dashboards\/|^InteractionCentricDashboards\/|^SdkMessageProcessingSteps\//i

/** Where a removed column is still named in what stays in the solution. */
export const USE_EFFECTS: readonly EffectRule[] = [
  {
    id: 'removed-but-used',
    kinds: ['column', 'table'],
    effect: 'import-fails',
    level: 'warning',
    title: 'Something is removed that others of the solution still use',
    why: 'A column or table that a view, form, flow, business rule or chart still names cannot be deleted (0x8004f01f).',
    advice: 'Change what uses it first.',
    find: (item, { head, textOf }) => (head === undefined ? [] : usesOf(item, head, textOf)),
  },
]

function usesOf(item: ComparedComponent, head: Side, textOf: Surroundings['textOf']): readonly Finding[] {
  const { change, component } = item
  if (change.change !== 'removed') return []
  const name = component.id.split('.').at(-1) ?? ''
  const table = component.kind === 'column' ? (component.id.split('.')[0] ?? '') : ''
  const pattern = new RegExp(`(?<![\\w.])${name.replaceAll(/\W/g, String.raw`\$&`)}(?!\\w)`, 'i')
  const own = `entities/${table}/`
  const users = head.paths.filter(
    (path) =>
      NAMING_FILES.test(path) &&
      // Names without a prefix, such as name, are columns of many tables.
      (name.includes('_') || path.toLowerCase().startsWith(own)) &&
      pattern.test(textOf(path)),
  )
  if (users.length === 0) return []
  const shown = users.slice(0, 3).join(', ')
  const more = users.length > 3 ? ` and ${users.length - 3} more` : ''
  const what = component.kind === 'column' ? 'Column' : 'Table'
  return [
    {
      reason: `${what} '${change.name}' is removed, and still named in ${shown}${more}.`,
      path: '',
      value: '',
    },
  ]
}
