import { parsedOnce } from '../parsed-tree.ts'
import type { SourceTree } from '../source-tree.ts'
import { parseXml, rawBytes, type XmlDocument } from '../xml/index.ts'

/** The nodes of a document as numbers. */
export function nodesOf({ nodes }: XmlDocument) {
  const { count, kinds, starts, ends, nexts, closes } = nodes
  return [kinds, starts, ends, nexts, closes].map((column) => [...column.subarray(0, count)])
}

/** Checks that the documents of a tree know the nodes that reading them finds, and counts them. */
export function readAgain(tree: SourceTree): number {
  const parsed = parsedOnce(tree)
  let documents = 0
  for (const path of tree.paths) {
    const made = path.endsWith('.xml') ? parsed.parse(path) : undefined
    if (made === undefined) continue
    documents++
    const read = parseXml(rawBytes(made.raw), path)
    if (!areSame(made, read)) expect({ path, nodes: nodesOf(made) }).toEqual({ path, nodes: nodesOf(read) })
  }
  return documents
}

function areSame({ nodes: a }: XmlDocument, { nodes: b }: XmlDocument): boolean {
  if (a.count !== b.count) return false
  for (let node = 0; node < a.count; node++) {
    const isSame =
      a.kinds[node] === b.kinds[node] &&
      a.starts[node] === b.starts[node] &&
      a.ends[node] === b.ends[node] &&
      a.nexts[node] === b.nexts[node] &&
      a.closes[node] === b.closes[node]
    if (!isSame) return false
  }
  return true
}
