import { COMPONENTS, NUMBERED_TYPES } from './components.ts'
import { KINDS } from './kinds.ts'
import type { ComponentRow, NumberedType } from './component.ts'

/** What a component type is called, by its number. */
function rowsByType(): ReadonlyMap<number, ComponentRow | NumberedType> {
  const rows = [
    ...KINDS.flatMap(({ components }) => components),
    ...Object.values(COMPONENTS),
    ...Object.values(NUMBERED_TYPES),
  ]
  // Of two rows of one type, as forms and dashboards, the first counts.
  return new Map(
    rows.toReversed().flatMap((row) => ('type' in row && row.type !== undefined ? [[row.type, row]] : [])),
  )
}

let known: ReadonlyMap<number, ComponentRow | NumberedType> | undefined

/** The row of a component type, by its number. */
export function componentOfType(type: number): ComponentRow | NumberedType | undefined {
  known ??= rowsByType()
  return known.get(type)
}

/** The name of a component type; numbers above 1000 differ from environment to environment, so they stay numbers. */
export function componentTypeName(type: string | number): string {
  const number = typeof type === 'number' ? type : /^\d+$/.test(type) ? Number(type) : undefined
  if (number === undefined) return type === '' ? 'Component' : String(type)
  return componentOfType(number)?.label ?? (number === 0 ? 'Component' : `Component of type ${number}`)
}
