import { readFileSync } from 'node:fs'
import { parseSync } from '@swc/core'

/** A node of the syntax tree of a source file. */
export type Node = Readonly<Record<string, unknown>>

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** A node and all that is in it. */
export function* below(value: unknown): Generator<Node> {
  if (!isNode(value)) return
  yield value
  for (const child of Object.values(value)) yield* below(child)
}

export const nodesOf = (file: string): readonly Node[] => [
  ...below(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' })),
]

/** What a file imports, at its start or while it runs. */
export const importsOf = (file: string): readonly string[] =>
  nodesOf(file).flatMap(({ type, source, callee, arguments: given }) => {
    const isLoaded = type === 'CallExpression' && isNode(callee) && callee['type'] === 'Import'
    const named = isLoaded && Array.isArray(given) && isNode(given[0]) ? given[0]['expression'] : source
    const isImport = isLoaded || /^(Import|Export(Named|All))Declaration$/.test(String(type))
    return isImport && isNode(named) ? [String(named['value'])] : []
  })
