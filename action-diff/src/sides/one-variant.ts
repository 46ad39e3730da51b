import { readSourceManifest } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import type { Pair } from './pair.ts'

/**
 * A source of both kinds has two files of a form or an app, and a managed archive the managed one alone. Against that
 * archive the source shows itself as managed too: its other files are not new.
 */
export function inOneVariant(pair: Pair): Pair {
  const { base, head } = pair
  if (base === undefined || head === undefined) return pair
  const [before, after] = [base, head].map((tree) => readSourceManifest(tree).managed)
  if (before === 'Managed' && after === 'Both') return { ...pair, head: managedVariant(head) }
  if (before === 'Both' && after === 'Managed') return { ...pair, base: managedVariant(base) }
  return pair
}

function isXml(path: string): boolean {
  return /\.xml$/i.test(path)
}

function managedNameOf(path: string): string {
  return path.toLowerCase().replace(/\.xml$/, '_managed.xml')
}

function managedVariant(tree: ComparedTree): ComparedTree {
  const { keyOf, prefetch, offers, made } = tree
  const all = new Set(tree.paths.map((path) => path.toLowerCase()))
  return {
    paths: tree.paths.filter((path) => !isXml(path) || !all.has(managedNameOf(path))),
    read: (path) => tree.read(path),
    ...(keyOf !== undefined && { keyOf }),
    ...(prefetch !== undefined && { prefetch }),
    ...(offers !== undefined && { offers }),
    ...(made !== undefined && { made }),
  }
}
