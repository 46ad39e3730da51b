import { keyOf } from './compared-component.ts'
import type { Piece } from './pieces/piece.ts'
import { readPieces } from './pieces/read-pieces.ts'
import type { ComponentName } from './report.ts'
import type { Side } from './side.ts'

/** A table by its name; one that the solution does not hold has its logical name. */
export function tableName(table: string, side: Side | undefined): string {
  const { name } = parentName({ kind: 'table', id: table.toLowerCase() }, side)
  return name === table.toLowerCase() ? table : name
}

/** Where a parent is defined, by its id. */
const DEFINITIONS: Readonly<Partial<Record<ComponentName['kind'], (id: string) => string>>> = {
  table: (id) => `Entities/${id}/Entity.xml`,
  agent: (id) => `bots/${id}/bot.xml`,
  site: () => 'Assets/powerpagesites.xml',
}

/** A parent by its name, which may stand in a file that did not change. */
export function parentName(parent: NonNullable<Piece['parent']>, side: Side | undefined): ComponentName {
  const known = side?.names.get(keyOf(parent))
  if (known !== undefined) return { ...parent, name: known }
  const path = side?.find(DEFINITIONS[parent.kind]?.(parent.id) ?? '')
  const piece =
    path === undefined || side === undefined
      ? undefined
      : readPieces(path, side).find(({ kind, id }) => kind === parent.kind && id === parent.id)
  const name = piece?.name ?? parent.id
  side?.names.set(keyOf(parent), name)
  return { ...parent, name }
}
