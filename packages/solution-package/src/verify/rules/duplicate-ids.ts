import { COMPONENTS } from '../../model/components.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/**
 * One component in two files: a copied file keeps the id of its original, and a merge of a rename leaves both. The
 * import then changes one component twice.
 */
export function* duplicateIds(source: SourceUnderCheck): Iterable<Problem> {
  const seen = new Map<string, string>()
  /** Notes what a component is known by, and returns what is known already, with the file. */
  const firstOf = (kind: string, names: readonly string[], file: string): [string, string] | undefined => {
    const plain = names.map((name) => name.replace(/[{}]/g, '').toLowerCase()).filter((name) => name !== '')
    const known = plain.find((name) => seen.has(`${kind} ${name}`))
    if (known !== undefined) return [known, seen.get(`${kind} ${known}`) ?? '']
    for (const name of plain) seen.set(`${kind} ${name}`, file)
    return undefined
  }
  for (const { kind, names, path } of source.components ?? []) {
    const first = firstOf(kind.section, names, path)
    const root = source.document(path)?.root
    if (first && root) yield problemAt(root, advice(...first))
  }
  // Forms, views and charts, which are no root components.
  for (const { element, id, parent } of source.defined(COMPONENTS.table) ?? []) {
    if (parent === undefined || id === undefined) continue
    const first = firstOf(element.name, [id], element.document.label)
    if (first) yield problemAt(element, advice(...first))
  }
}

function advice(name: string, other: string): string {
  const is = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name) ? 'id' : 'name'
  return `It has the same ${is} (${name}) as ${other}. Give a copy ${is === 'id' ? 'an id' : 'a name'} of its own, or remove one of the files.`
}
