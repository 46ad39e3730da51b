import { readFileSync } from 'node:fs'
import { parseSync } from '@swc/core'

/** A node of the syntax tree of a source file. */
export type Node = Readonly<Record<string, unknown>>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

/** A node and all that is in it. */
export function below(value: unknown, found: Node[] = []): readonly Node[] {
  if (!isNode(value)) return found
  if ('type' in value) found.push(value)
  for (const child of Object.values(value)) below(child, found)
  return found
}

const read = new Map<string, readonly Node[]>()

/** All nodes of a source file, the module first. */
export function nodesOf(file: string): readonly Node[] {
  const known = read.get(file)
  if (known !== undefined) return known
  const nodes = below(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' }))
  read.set(file, nodes)
  return nodes
}

/** What a file imports, types included, at its start or while it runs. */
export function importsOf(file: string): readonly string[] {
  return nodesOf(file).flatMap(({ type, source, callee, arguments: given }) => {
    const isLoaded = type === 'CallExpression' && isNode(callee) && callee['type'] === 'Import'
    const named = isLoaded && Array.isArray(given) && isNode(given[0]) ? given[0]['expression'] : source
    const isImport = isLoaded || /^(Import|Export(Named|All))Declaration$/.test(String(type))
    return isImport && isNode(named) ? [String(named['value'])] : []
  })
}
