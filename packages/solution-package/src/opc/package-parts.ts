import { readContentTypes } from './content-types.ts'
import type { ZipEntry } from '../zip/open-zip.ts'
import { decodePartName } from './part-name.ts'
import { ZipError } from '../zip/zip-error.ts'

/** A file of an archive, seen as a part of an OPC package. */
interface Part {
  /** Path below the root with `/`, percent escapes decoded and `.`, `..` and doubled slashes resolved. */
  readonly path: string
  /**
   * The first folder as the archive spells it, before `..` is resolved; empty for a file at the root.
   * SolutionPackager 9.1 decides by it what is loose: `x/../a.txt` is written as `a.txt`, while `a.txt` is lost.
   */
  readonly topFolder: string
  stored(): string | undefined
  read(): Uint8Array
}

/** What `[Content_Types].xml` lets exist of an archive. */
export interface PackageParts {
  /** The archive, for messages: the name of its file where it has one. */
  readonly label: string
  /** In the order of the archive. */
  readonly parts: readonly Part[]
  readonly paths: readonly string[]
  has(path: string): boolean
  /** What tells without inflating that two parts are the same: see `ZipEntry`. Undefined where nothing tells. */
  stored(path: string): string | undefined
  /** @throws Error when there is no such part, ZipError when it is damaged */
  read(path: string): Uint8Array
  /** The path of the part with this name, case ignored, as SolutionPackager looks names up. */
  find(path: string): string | undefined
  /** Entries that the package rules hide, each with the reason; they reach neither an environment nor a folder. */
  readonly lost: readonly { readonly name: string; readonly reason: string; read(): Uint8Array }[]
}

const contentTypesName = '[content_types].xml'

/**
 * Reads the entries of an archive by the rules of an Open Packaging Conventions package (ECMA-376 part 2).
 *
 * @throws ZipError for a name that leaves the folder, and for two names that differ by case only or become the
 * same when decoded: readers disagree on them, and on Windows and macOS they are one file
 */
export function openPackage(entries: readonly ZipEntry[], label = 'The archive'): PackageParts {
  const typesEntry = entries.find(({ name }) => name.toLowerCase() === contentTypesName)
  const types = typesEntry && readContentTypes(typesEntry.read())
  const parts: Part[] = []
  const lost: { name: string; reason: string; read: () => Uint8Array }[] = []
  const byFoldedPath = new Map<string, Part>()
  for (const entry of entries) {
    if (entry.name.endsWith('/') || entry === typesEntry) continue
    const decoded = decodePartName(entry.name)
    const path = resolveInside(decoded)
    if (path === undefined) {
      throw new ZipError(
        `${label}: the entry '${entry.name}' points outside the folder that it is unpacked to. The archive is refused; find out who made it.`,
      )
    }
    const reason = types ? types.reasonToHide(path) : 'the archive has no readable [Content_Types].xml'
    if (reason !== undefined) {
      lost.push({ name: path, reason, read: () => entry.read() })
      continue
    }
    const folded = path.toLowerCase()
    const other = byFoldedPath.get(folded)
    if (other) {
      throw new ZipError(
        `${label}: the entries '${other.path}' and '${path}' ${other.path === path ? 'are the same file once their names are decoded' : 'differ by upper and lower case only'}. They would overwrite each other on Windows and macOS, so the archive is refused.`,
      )
    }
    const segments = decoded.replace(/^(?:\.\/+)+/, '').split('/')
    const part = {
      path,
      topFolder: segments.length > 1 ? (segments[0] ?? '') : '',
      stored: () => entry.stored?.(),
      read: () => entry.read(),
    }
    byFoldedPath.set(folded, part)
    parts.push(part)
  }
  const byPath = new Map(parts.map((part) => [part.path, part]))
  return {
    label,
    parts,
    paths: parts.map(({ path }) => path),
    lost,
    has: (path) => byPath.has(path),
    stored: (path) => byPath.get(path)?.stored(),
    find: (path) => byFoldedPath.get((resolveInside(path) ?? path).toLowerCase())?.path,
    read(path) {
      const part = byPath.get(path)
      if (!part) throw new Error(`${label} holds no '${path}'.`)
      return part.read()
    },
  }
}

/** The path without `.`, `..` and empty segments, or undefined when it is absolute, empty or leaves the folder. */
function resolveInside(name: string): string | undefined {
  if (name.startsWith('/')) return undefined
  const segments: string[] = []
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return undefined
  }
  return segments.length === 0 ? undefined : segments.join('/')
}
