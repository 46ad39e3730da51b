import { COMPONENTS, componentTypeName } from '@dsa/solution-package'
import { rootKey, fold } from '../look/archive-components.ts'
import type { Archive } from '../look/archive.ts'

/** A component that something needs and does not bring along. */
export interface NeededComponent {
  readonly type: string
  readonly schemaName: string
  readonly id: string
  /** Schema name of what it belongs to, such as the table of a column; '' for none. */
  readonly parent: string
  /** The solution that had it where the archive was exported, as `FieldService (7.5.0.60)`; `Active` says nothing. */
  readonly solution: string
}

/** What the manifest of an archive lists as missing, as far as the archive itself does not have it. */
export function neededBy(archive: Archive): readonly NeededComponent[] {
  return archive.manifest.missingDependencies
    .map(({ required: { type, attributes } }) => ({
      type,
      schemaName: attributes['schemaName'] ?? '',
      id: attributes['id'] ?? '',
      parent: attributes['parentSchemaName'] ?? '',
      solution: attributes['solution'] ?? '',
    }))
    .filter((needed) => !holds(archive, needed))
}

/**
 * Whether an archive brings a component. Where two solutions are made in one environment, both unmanaged, an export
 * names `Active` as the solution of what the other one has; then the component itself tells.
 */
export function supplies(archive: Archive, needed: NeededComponent): boolean {
  const [name = ''] = needed.solution.split(' (')
  return fold(name) === fold(archive.name) || holds(archive, needed)
}

function holds({ components }: Archive, { type, schemaName, id, parent }: NeededComponent): boolean {
  const keys = [schemaName, id].filter((name) => name !== '').map((name) => rootKey(type, name))
  if (keys.some((key) => components.roots.has(key) || components.defined.has(key))) return true
  const table = components.tables.get(fold(parent))
  if (table === undefined) return false
  if (type === String(COMPONENTS.column.type)) return table.columns.has(fold(schemaName))
  return table.forms.has(fold(id)) || table.views.has(fold(id))
}

/** Such as `Column new_order.new_total`. */
export function neededName({ type, schemaName, id, parent }: NeededComponent): string {
  const name = schemaName || id
  return `${componentTypeName(type)} ${parent === '' ? name : `${parent}.${name}`}`
}
