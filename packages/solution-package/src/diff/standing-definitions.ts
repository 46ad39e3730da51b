import { isDefinition, keyOf, type PlacedPiece } from './compared-component.ts'
import { readPieces } from './pieces/read-pieces.ts'
import type { Side } from './side.ts'

/** What the files that differ hold of a component. */
interface Holding {
  readonly base: readonly PlacedPiece[]
  readonly head: readonly PlacedPiece[]
}

/**
 * A file that comes or goes beside one that stays, and has the same id, as a copied file has: the component is neither
 * new nor gone. Only files of the same folder are looked at, as copies stand there.
 * @returns the definitions that stay, of components with a definition on one side only
 */
export function standingDefinitions(
  components: Iterable<Holding>,
  differing: ReadonlySet<string>,
  base: Side | undefined,
  head: Side | undefined,
): PlacedPiece[] {
  if (base === undefined || head === undefined) return []
  const wanted = new Map<string, Map<string, string>>()
  for (const component of components) {
    if (component.base.some(isDefinition) === component.head.some(isDefinition)) continue
    for (const piece of [...component.base, ...component.head]) {
      if (!piece.isDefinition || piece.isTwin === true) continue
      const place = placeOf(piece.file)
      wanted.set(place, (wanted.get(place) ?? new Map()).set(keyOf(piece), writtenId(piece)))
    }
  }
  if (wanted.size === 0) return []
  const stayed = base.paths.filter((path) => !differing.has(path) && wanted.has(placeOf(path)))
  base.tree.prefetch?.(stayed)
  return stayed.flatMap((file) => {
    const ids = wanted.get(placeOf(file)) ?? new Map<string, string>()
    const text = Buffer.from(base.read(file)).toString('latin1').toLowerCase()
    if (![...ids.values()].some((id) => text.includes(id))) return []
    return readPieces(file, base)
      .filter((piece) => piece.isDefinition && piece.isTwin !== true && ids.has(keyOf(piece)))
      .map((piece): PlacedPiece => ({ ...piece, file }))
  })
}

/** Folder and ending, such as `Workflows/*.data.xml`. */
function placeOf(path: string): string {
  const [, folder = '', ending = ''] = /^(.*\/)?[^/]*?((?:\.data|\.meta)?\.[^./]*)?$/.exec(path) ?? []
  return `${folder}*${ending}`.toLowerCase()
}

/** The id as it stands in the file, in lower case. */
function writtenId({ id, knownBy }: PlacedPiece): string {
  return Buffer.from(knownBy?.replace(/^\S+ /, '') ?? id).toString('latin1')
}
