import type { Cell } from '@dsa/action-kit'
import type { SolutionContentRow } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import { counted } from '@dsa/user-error'
import { holdsData } from './what-goes.ts'
import type { LostComponent } from './what-goes.ts'

/** A component of the environment, named with its kind: `Table new_order`, `Column new_order.new_total`. */
export function componentInWords({
  type,
  name,
  table,
}: Pick<SolutionContentRow, 'type' | 'name' | 'table'>): string {
  return `${componentTypeName(type)} ${table === '' ? name : `${table}.${name}`}`
}

/** The same for what goes, with the rows that go along. */
export function lostInWords(component: LostComponent): string {
  const rows = component.rows === undefined ? '' : ` (${counted(component.rows, 'row')})`
  return `${componentInWords(component)}${rows}`
}

/** Rows of a table of the summary: kind, name, and what goes along. */
export function lostRows(lost: readonly LostComponent[]): readonly (readonly Cell[])[] {
  return lost.map((component) => [
    componentTypeName(component.type),
    { code: component.table === '' ? component.name : `${component.table}.${component.name}` },
    component.rows === undefined ? (holdsData(component) ? 'its data' : '') : counted(component.rows, 'row'),
  ])
}
