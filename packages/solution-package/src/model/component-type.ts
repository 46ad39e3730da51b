import { COMPONENTS, NUMBERED_TYPES } from './components.ts'
import { KINDS } from './kinds.ts'
import type { ComponentRow, NumberedType } from './component.ts'

type Row = ComponentRow | NumberedType

/** All rows, within others included; of two rows of one type or name, as forms and dashboards, the first counts last. */
function allRows(): readonly Row[] {
  return [
    ...KINDS.flatMap(({ components }) => components),
    ...Object.values(COMPONENTS),
    ...Object.values(NUMBERED_TYPES),
  ].toReversed()
}

let byType: ReadonlyMap<number, Row> | undefined
let byName: ReadonlyMap<string, Row> | undefined

/** The row of a component type, by its number. */
export function componentOfType(type: number): Row | undefined {
  byType ??= new Map(
    allRows().flatMap((row) => ('type' in row && row.type !== undefined ? [[row.type, row]] : [])),
  )
  return byType.get(type)
}

/** The row of a component type, by what layers call it, in whatever case. */
export function componentNamed(platformName: string): Row | undefined {
  byName ??= new Map(allRows().map((row) => [row.platformName.toLowerCase(), row]))
  return byName.get(platformName.toLowerCase())
}

/** The name of a component type; numbers above 1000 differ from environment to environment, so they stay numbers. */
export function componentTypeName(type: string | number): string {
  const number = typeof type === 'number' ? type : /^\d+$/.test(type) ? Number(type) : undefined
  if (number === undefined) return type === '' ? 'Component' : String(type)
  return componentOfType(number)?.label ?? (number === 0 ? 'Component' : `Component of type ${number}`)
}
