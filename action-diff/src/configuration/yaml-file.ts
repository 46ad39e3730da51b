import { UserError } from '@dsa/user-error'
import type { Node } from 'yaml'

/** A file of the repository, from a commit or the disk. */
export interface RepositoryFile {
  /** From the root of the repository. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Where something stands in a file, counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What a file says. Every scalar is text, so that `0123` and `off` stay what was written. */
export type Value =
  | { readonly kind: 'text'; readonly at: Position; readonly text: string }
  | { readonly kind: 'list'; readonly at: Position; readonly items: readonly Value[] }
  | { readonly kind: 'map'; readonly at: Position; readonly members: readonly Member[] }

export interface Member {
  readonly name: string
  readonly at: Position
  readonly value: Value
}

/** A person writes these files; a larger one is a mistake, or an attack. */
const MAX_BYTES = 256 * 1024
const MAX_DEPTH = 20

/**
 * Reads YAML, of which JSON is a part.
 *
 * @returns nothing for an empty file
 * @throws UserError with file and line, also for what these files do not need: anchors, aliases, tags, documents
 */
export async function readYaml(file: RepositoryFile): Promise<Value | undefined> {
  if (file.bytes.length > MAX_BYTES) throw problem(file, undefined, `is larger than ${MAX_BYTES / 1024} KiB.`)
  const text = textOf(file)
  // Most repositories have no such file, and a comparison without one starts without the parser.
  const { default: yaml } = await import('yaml')
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } = yaml
  const lines = new LineCounter()
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  if (isDeep(text)) throw problem(file, undefined, 'is nested too deeply.')
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, schema: 'failsafe' })
  if (!Array.isArray(documents) || documents.length === 0) return undefined
  const [document, another] = documents
  if (document === undefined) return undefined
  const [error] = document.errors
  if (error !== undefined) throw problem(file, positionOf(error.pos[0]), `${error.message}.`)
  if (another !== undefined)
    throw problem(file, positionOf(another.range[0]), 'holds a second document; one is read.')

  const valueOf = (node: Node | null, depth: number): Value => {
    const at = positionOf(node?.range?.[0] ?? 0)
    if (depth > MAX_DEPTH) throw problem(file, at, 'is nested too deeply.')
    if (node === null) return { kind: 'text', at, text: '' }
    if (isAlias(node) || ('anchor' in node && node.anchor !== undefined) || node.tag !== undefined)
      throw problem(file, at, 'uses an anchor, an alias or a tag, which are not read here.')
    if (isScalar(node)) return { kind: 'text', at, text: typeof node.value === 'string' ? node.value : '' }
    if (isSeq<Node>(node))
      return { kind: 'list', at, items: node.items.map((item) => valueOf(item, depth + 1)) }
    if (!isMap<Node, Node | null>(node)) throw problem(file, at, 'holds what is not read here.')
    return {
      kind: 'map',
      at,
      members: node.items.map(({ key, value }) => {
        const name = valueOf(key, depth + 1)
        if (name.kind !== 'text') throw problem(file, name.at, 'has a name that is no text.')
        return { name: name.text, at: name.at, value: valueOf(value, depth + 1) }
      }),
    }
  }
  return document.contents === null ? undefined : valueOf(document.contents, 0)
}

/** The parser calls itself for each level, and a hostile file has more than the stack holds. */
function isDeep(text: string): boolean {
  let depth = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > MAX_DEPTH) return true
  }
  return /(?:[-?][ \t]+){20}/.test(text)
}

function textOf(file: RepositoryFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.bytes)
  } catch {
    throw problem(file, undefined, 'is not UTF-8.')
  }
}

/** An error that says where, and stands beside its line. @param message goes on after the place */
export function problem(file: RepositoryFile, at: Position | undefined, message: string): UserError {
  const place = at === undefined ? file.path : `${file.path}:${at.line}:${at.column}`
  const annotation = { level: 'error', message: `${file.path} ${message}`, file: file.path, ...at }
  return Object.assign(new UserError(`${place} ${message}`), { annotations: [annotation] })
}
