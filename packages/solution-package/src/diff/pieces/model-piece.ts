import { kindOf } from '../../model/kind-of.ts'
import { lookUp } from '../../model/lookup.ts'
import { placesOf } from '../../sources/xml/element-files.ts'
import { xmlFacts } from '../facts/xml-facts.ts'
import { plainId } from '../facts/words.ts'
import type { Piece, SideFiles } from './piece.ts'

/**
 * A component of a kind that no place is about: the model tells what makers call it and by what it is known, so that
 * a file that moved is the same component.
 */
export function modelPiece(path: string, side: SideFiles): Piece | undefined {
  const rows = placesOf(path).flatMap((section) => kindOf(section)?.components ?? [])
  if (rows.length === 0) return undefined
  const { root } = side.parse(path)
  const row = rows.find(({ at }) => at.length === 1 && root.is(at[0] ?? ''))
  const name = row && lookUp(row.name, root)
  if (row === undefined || name === undefined) return undefined
  const id = (row.id === undefined ? undefined : lookUp(row.id, root)) ?? name
  return {
    kind: 'other',
    id: path.split('/').slice(0, 2).join('/').toLowerCase(),
    knownBy: `${row.platformName.toLowerCase()} ${plainId(id)}`,
    name: `${row.label} ${(row.displayName && lookUp(row.displayName, root)) ?? name}`,
    isDefinition: true,
    facts: xmlFacts(root, { rules: {}, language: side.language }),
  }
}
