import type { XmlDocument } from '../../xml/index.ts'
import type { Fact } from '../facts/fact.ts'
import type { ComponentKind } from '../report.ts'

/** What a file holds of a component. */
export interface Piece {
  readonly kind: ComponentKind
  /** As the report writes it. */
  readonly id: string
  /** What it is found by on the other side, where the report's id is only the place at which it lies. */
  readonly knownBy?: string
  readonly name: string
  readonly parent?: { readonly kind: ComponentKind; readonly id: string }
  /** The definition itself; other pieces only belong to it. */
  readonly isDefinition: boolean
  /** The managed variant of another file of the component. */
  readonly isTwin?: boolean
  /** What its element says in the file; equal for pieces that say the same. */
  readonly source?: string
  readonly facts: readonly Fact[]
}

/** A piece whose facts are made when they are asked for: of a name, or of what did not change, they never are. */
export function lazyPiece(piece: Omit<Piece, 'facts'>, make: () => readonly Fact[]): Piece {
  let made: readonly Fact[] | undefined
  return {
    ...piece,
    get facts() {
      return (made ??= make())
    },
  }
}

/** Of a file that belongs to a component: the component, with what the file says. */
export function belonging({ kind, id, name, parent }: Piece, facts: readonly Fact[]): Piece {
  return { kind, id, name, ...(parent !== undefined && { parent }), isDefinition: false, facts }
}

/** One side of a comparison, as far as pieces need it. Files are read when they are asked for, XML is parsed once. */
export interface SideFiles {
  readonly paths: readonly string[]
  /** The path as it is written, of a path whose case may differ. */
  find(path: string): string | undefined
  read(path: string): Uint8Array
  /** @throws XmlError naming file and position */
  parse(path: string): XmlDocument
  /** The base language of the solution, such as `1033`. */
  readonly language: string
  /** What was read of files, by path: several rules ask for the same ones. */
  readonly pieces: Map<string, readonly Piece[]>
}

/** A file whose path fits a row of a table of places. */
export interface PlacedFile {
  readonly path: string
  /** What stood for the groups of the row's pattern. */
  readonly groups: Readonly<Record<string, string | undefined>>
  readonly side: SideFiles
}

/** Reads the pieces of files at certain places. */
export interface Place {
  /** Ignores case: file systems and people do. */
  readonly at: RegExp
  readonly read: (file: PlacedFile) => readonly Piece[]
}
