import type { SourceTree } from './source-tree.ts'
import { CONFLICT, conflictLine } from './unreadable/merge-conflict.ts'
import { parseXml, type XmlDocument, XmlError } from './xml/index.ts'

/** A source tree whose XML is parsed once, however many look at it. */
export interface ParsedTree extends SourceTree {
  /** @throws XmlError when the file is not well-formed, each time */
  parse(path: string): XmlDocument
}

/** Gives a tree that memory; one that has it is returned as it is. */
export function parsedOnce(tree: SourceTree | ParsedTree): ParsedTree {
  if ('parse' in tree) return tree
  const documents = new Map<string, XmlDocument>()
  return {
    place: tree.place,
    paths: tree.paths,
    offers: tree.offers,
    made: tree.made,
    read: (path) => tree.read(path),
    parse(path) {
      const document = documents.get(path) ?? parseSource(tree.read(path), path)
      documents.set(path, document)
      return document
    },
  }
}

/** A merge leaves its markers most often in Other/Solution.xml, where both sides raised the version. */
export function parseSource(bytes: Uint8Array, path: string): XmlDocument {
  try {
    return parseXml(bytes, path)
  } catch (error) {
    const line = error instanceof XmlError ? conflictLine(bytes) : undefined
    if (line === undefined) throw error
    throw new XmlError(path, CONFLICT, { line, column: 1 }, { cause: error })
  }
}
