import { readFileSync } from 'node:fs'
import { openPackage, openZip, unpackSolution, type SourceTree } from '../index.ts'
import { edited, EDITS, keyed } from '../testing/edits.ts'
import { neutral, NEUTRAL_EDITS } from '../testing/neutral-edits.ts'
import {
  exportedArchives,
  memoryTree,
  noteMissing,
  referenceCases,
  unpackCase,
  type ExportedArchive,
} from '../testing/reference-cases.ts'
import { changedFiles } from './files/changed-files.ts'
import { compareSolutions } from './compare-solutions.ts'
import type { Change, SolutionDiff } from './report.ts'
import type { ComparedTree } from './side.ts'

/** A tree of which it is known what it is a version of. */
interface Version {
  readonly id: string
  readonly packageType: string
  readonly version: string
  readonly tree: ComparedTree
}

/** Files of a tree that are looked at: spread over all of it, the same ones in each run. */
const FILES_A_TREE = 16

const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

withCorpus('the laws of the comparison hold for every tree of the corpus', () => {
  const held = new Map<string, number>()
  const broken: string[] = []
  const told = { pairs: 0, files: 0, unexplained: [] as string[] }
  let trees = 0
  for (const open of solutions().values()) {
    const versions = open.map((item) => item())
    const law = (name: string, id: string, problems: readonly string[]): void => {
      held.set(name, (held.get(name) ?? 0) + 1)
      broken.push(...problems.map((problem) => `${name}: ${id}: ${problem}`))
    }
    for (const { id, tree } of versions) {
      trees++
      law('a tree against itself: nothing', id, anything(compareSolutions(tree, tree)))
      const base = keyed(tree)
      for (const { name, head } of neutralTrees(tree, trees)) {
        const diff = compareSolutions(base, head)
        law(`${name}: nothing`, id, [...anything(diff), ...unaccounted(diff, base, head)])
      }
      const head = changedTree(base, trees)
      const diff = compareSolutions(base, head)
      law('each file once', id, unaccounted(diff, base, head))
      law('mirror', id, unmirrored(diff, compareSolutions(head, base)))
    }
    for (const [before, after] of pairsOf(versions)) {
      const id = `${before.id} and ${after.id}`
      const diff = compareSolutions(before.tree, after.tree)
      const back = compareSolutions(after.tree, before.tree)
      law('each file once', id, unaccounted(diff, before.tree, after.tree))
      law('mirror', id, unmirrored(diff, back))
      if (before.packageType !== after.packageType) {
        law('managed against unmanaged: nothing is destroyed', id, [...destroyed(diff), ...destroyed(back)])
      } else {
        told.pairs++
        told.files += changedFiles(before.tree, after.tree).length
        told.unexplained.push(...diff.unexplained.map(({ file }) => `${after.id} ${file}`))
      }
    }
  }
  const counts = [...held].map(([name, count]) => `${name} ${count}`)
  console.log(`laws over ${trees} trees, broken ${broken.length}:\n${counts.join('\n')}`)
  const share = (1 - told.unexplained.length / told.files) * 100
  console.log(
    `${told.pairs} pairs of versions: ${share.toFixed(2)} % of ${told.files} changed files are explained; not: ${told.unexplained.join(', ') || 'none'}`,
  )
  expect(broken).toEqual([])
  expect(trees).toBeGreaterThan(100)
  expect(share).toBeGreaterThanOrEqual(95)
})

/** All trees, by solution; opened when they are looked at, since they do not fit into memory together. */
function solutions(): Map<string, (() => Version)[]> {
  const found = new Map<string, (() => Version)[]>()
  const add = (
    { id, packageType, uniqueName = id, version = '' }: Omit<ExportedArchive, 'file'>,
    files: () => ReadonlyMap<string, Uint8Array>,
  ): void => {
    const list = found.get(uniqueName.toLowerCase()) ?? []
    found.set(uniqueName.toLowerCase(), list)
    list.push(() => ({ id, packageType, version, tree: memoryTree(files()) }))
  }
  for (const item of corpus ?? []) add(item, () => unpackCase(item).files)
  for (const item of exportedArchives() ?? [])
    if (/[\\/]exports[\\/]/.test(item.file))
      add(item, () => {
        const archive = openPackage(openZip(readFileSync(item.file), { label: item.id }))
        return unpackSolution({ archive }, { packageType: item.packageType }).files
      })
  return found
}

/** One kind in two versions, or one version in two kinds. */
function pairsOf(versions: readonly Version[]): [Version, Version][] {
  return versions.flatMap((before, at) =>
    versions
      .slice(at + 1)
      .filter(
        (after) =>
          (before.packageType === after.packageType && before.version !== after.version) ||
          (before.version === after.version &&
            [before.packageType, after.packageType].toSorted().join() === 'Managed,Unmanaged' &&
            publisherOf(before) === publisherOf(after)),
      )
      .map((after): [Version, Version] => [before, after]),
  )
}

/** Two archives of one version are of one export when at least their publisher is the same. */
function publisherOf({ tree }: Version): string | undefined {
  const manifest = new TextDecoder().decode(tree.read('Other/Solution.xml'))
  return /<Publisher>\s*<UniqueName>([^<]*)</.exec(manifest)?.[1]
}

/** The tree with a part of its files written in another way, by what was done to them. */
function neutralTrees(tree: SourceTree, turn: number): { name: string; head: ComparedTree }[] {
  const every = Math.ceil(tree.paths.length / FILES_A_TREE)
  const looked = tree.paths.filter((_path, at) => (at + turn) % every === 0)
  return NEUTRAL_EDITS.flatMap((edit, nth) => {
    const files = new Map(
      looked
        .filter((path, at) => edit.at.test(path) && (edit.isRare === true || (at + nth + turn) % 4 === 0))
        .flatMap((path) => {
          const bytes = neutral(edit, path, tree.read(path))
          return bytes === undefined ? [] : [[path, bytes] as const]
        }),
    )
    return files.size === 0 ? [] : [{ name: edit.name, head: withFiles(tree, files) }]
  })
}

/** The tree after all edits that fit, without some of its files. */
function changedTree(tree: ComparedTree, turn: number): ComparedTree {
  const files = new Map<string, Uint8Array>()
  for (const edit of EDITS) {
    const path = tree.paths.filter((own) => edit.at.test(own) && !files.has(own))[turn % 3]
    const bytes = path === undefined ? undefined : edited(tree, path, edit)?.read(path)
    if (path !== undefined && bytes !== undefined) files.set(path, bytes)
  }
  const head = withFiles(tree, files)
  const lost = new Set(
    tree.paths.filter((path, at) => (at + turn) % 23 === 0 && path !== 'Other/Solution.xml'),
  )
  return { ...head, paths: head.paths.filter((path) => !lost.has(path)) }
}

function withFiles(tree: SourceTree, files: ReadonlyMap<string, Uint8Array>): ComparedTree {
  return {
    paths: tree.paths,
    read: (path) => files.get(path) ?? tree.read(path),
    keyOf: (path) => (files.has(path) ? 'edited' : path),
  }
}

function anything({ changes, unexplained }: SolutionDiff): string[] {
  return [
    ...changes.map(({ kind, id, properties }) => `${kind} ${id} ${JSON.stringify(properties).slice(0, 300)}`),
    ...unexplained.map(({ file }) => `${file} is not explained`),
  ]
}

/** Files that the report accounts for more than once, or not at all. */
function unaccounted(
  { changes, unexplained, quiet }: SolutionDiff,
  base: ComparedTree,
  head: ComparedTree,
): string[] {
  const differing = new Set(changedFiles(base, head).map(({ path }) => path))
  const named = new Set(changes.flatMap(({ files }) => files))
  const rest = unexplained.map(({ file }) => file)
  const strange = [...named, ...rest].filter((file) => !differing.has(file))
  const twice = rest.filter((file) => named.has(file))
  const sum = named.size + rest.length + quiet.files
  return [
    ...strange.map((file) => `${file} is named and does not differ`),
    ...twice.map((file) => `${file} is told and not explained`),
    ...(sum === differing.size ? [] : [`${differing.size} files differ and ${sum} are accounted for`]),
  ]
}

const MIRRORED = { added: 'removed', removed: 'added', changed: 'changed' } as const

/** What the way back tells differently; a label is that of the newer side, and no part of the law. */
function unmirrored(there: SolutionDiff, back: SolutionDiff): string[] {
  const forth = new Set(there.changes.map((change) => mirrorOf(change, true)))
  const again = new Set(back.changes.map((change) => mirrorOf(change, false)))
  return [
    ...[...forth].filter((line) => !again.has(line)),
    ...[...again].filter((line) => !forth.has(line)),
  ].slice(0, 6)
}

function mirrorOf({ kind, id, change, properties, files }: Change, isTurned: boolean): string {
  const values = properties.map(({ base, head }) => JSON.stringify(isTurned ? [head, base] : [base, head]))
  const way = isTurned ? MIRRORED[change] : change
  return [way, kind, id, values.toSorted().join(), files.join()].join(' | ').slice(0, 2000)
}

function destroyed({ changes }: SolutionDiff): string[] {
  return changes.flatMap(({ kind, id, effects }) =>
    effects
      .filter(
        ({ effect, level }) => effect === 'data-loss' || (effect === 'import-fails' && level === 'error'),
      )
      .map(({ rule }) => `${kind} ${id}: ${rule}`),
  )
}
