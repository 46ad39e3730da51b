import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveTree, openPackage, openZip, unpackSolution, type SourceTree } from '../index.ts'
import { edited, EDITS, keyed } from '../testing/edits.ts'
import { revisionsOf, type Revisions } from '../testing/git-revisions.ts'
import { neutral, NEUTRAL_EDITS, type NeutralEdit } from '../testing/neutral-edits.ts'
import {
  exportedArchives,
  memoryTree,
  noteMissing,
  referenceCases,
  unpackCase,
  type ExportedArchive,
} from '../testing/reference-cases.ts'
import { changedFiles } from './files/changed-files.ts'
import { compareSides, compareSolutions } from './compare-solutions.ts'
import { PROCESS_KINDS } from './kinds/process.ts'
import type { Change, SolutionDiff } from './report.ts'
import { openSide, type ComparedTree } from './side.ts'

/** What takes long is looked at for some of the trees, and for all of them with `LAWS=all`. */
const IS_ALL = process.env['LAWS'] === 'all'
/** Archives and revisions are the files of a tree once more. */
const EVERY_TREE = IS_ALL ? 1 : 16
/** A tree with fewer files is held against both of its archives in each run. */
const SMALL_TREE = 300
/** The way back, of the pairs of a managed and an unmanaged tree, which differ in most files. */
const EVERY_PAIR = IS_ALL ? 1 : 4

/** A tree of which it is known what it is a version of. */
interface Version {
  readonly id: string
  readonly packageType: string
  readonly version: string
  readonly tree: ComparedTree
  /** What it was unpacked from; of both kinds the unmanaged archive, and then the managed one. */
  readonly archives: readonly string[]
}

/** Files of a tree that are written in other ways: spread over all of it, the same ones in each run. */
const FILES_A_TREE = 36
/** Files of a tree that take one of the ways. */
const FILES_AN_EDIT = 4
/** Files that a changed tree has lost: all of them are spread over the trees, and a large one need not lose more. */
const FILES_LOST = 24

const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

let folder = ''
let revisions: Revisions
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'laws-'))
  revisions = revisionsOf(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

withCorpus('the laws of the comparison hold for every tree of the corpus', () => {
  const held = new Map<string, number>()
  const broken: string[] = []
  const told = { pairs: 0, files: 0, unexplained: [] as string[] }
  let [trees, ofKinds] = [0, 0]
  const law = (name: string, id: string, problems: readonly string[]): void => {
    held.set(name, (held.get(name) ?? 0) + 1)
    broken.push(...problems.map((problem) => `${name}: ${id}: ${problem}`))
  }
  for (const open of solutions().values()) {
    const versions = open.map((item) => item())
    for (const version of versions) lawsOfTree(version, trees++, law)
    for (const [before, after] of pairsOf(versions)) {
      const id = `${before.id} and ${after.id}`
      const [one, other] = [openSide(before.tree), openSide(after.tree)]
      const diff = compareSides(one, other)
      law('each file once', id, unaccounted(diff, before.tree, after.tree))
      const isOfKinds = before.packageType !== after.packageType
      if (isOfKinds) law('managed against unmanaged: nothing is destroyed', id, destroyed(diff))
      if (!isOfKinds || ofKinds++ % EVERY_PAIR === 0) {
        const back = compareSides(other, one)
        law('mirror', id, unmirrored(diff, back))
        if (isOfKinds) law('and back: nothing is destroyed', id, destroyed(back))
      }
      if (!isOfKinds) {
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

type Law = (name: string, id: string, problems: readonly string[]) => void

function lawsOfTree({ id, packageType, tree, archives }: Version, turn: number, law: Law): void {
  law('a tree against itself: nothing', id, anything(compareSolutions(tree, tree)))
  const base = keyed(tree)
  const written = inOtherWays(tree, turn)
  const neutralHead = withFiles(tree, new Map([...written].map(([path, { bytes }]) => [path, bytes])))
  const side = openSide(base)
  const nothing = compareSides(side, openSide(neutralHead))
  const problems = [...anything(nothing), ...unaccounted(nothing, base, neutralHead)]
  for (const name of new Set([...written.values()].map(({ edit }) => edit.name)))
    law(`${name}: nothing`, id, problems)
  const head = changedTree(base, turn)
  const headSide = openSide(head)
  const diff = compareSides(side, headSide)
  law('each file once', id, unaccounted(diff, base, head))
  law('mirror', id, unmirrored(diff, compareSides(headSide, side)))
  const isOfBoth = packageType === 'Both'
  if (isOfBoth && (IS_ALL || tree.paths.length < SMALL_TREE)) {
    const [unmanaged, managed] = archives.map(openedArchive)
    law('a tree of both kinds lies between its two archives', id, [
      ...beyond(unmanaged, tree, managed),
      ...beyond(managed, tree, unmanaged),
    ])
  }
  if (turn % EVERY_TREE !== 0) return
  const [before, after] = revisions.of([base, head])
  law('two git revisions tell what two trees tell', id, otherThan(diff, compareSolutions(before, after)))
  law('a git revision against its tree: nothing', id, anything(compareSolutions(tree, before)))
  const [archive] = archives
  if (isOfBoth || archive === undefined) return
  const opened = openedArchive(archive)
  law('an archive and a tree tell what two trees tell', id, otherThan(diff, compareSolutions(opened, head)))
}

function openedArchive(file: string): SourceTree {
  return archiveTree(openPackage(openZip(readFileSync(file), { label: file })))
}

/**
 * What is told between an archive and a tree of both kinds, and not between both archives. The tree follows the
 * managed archive in what one file holds, such as the manifest, and has the files of both: it is never further away.
 */
function beyond(
  archive: ComparedTree | undefined,
  tree: ComparedTree,
  other: ComparedTree | undefined,
): string[] {
  const allowed = new Set(statements(compareSolutions(archive, other)))
  const told = compareSolutions(archive, tree)
  const gained = statements(told).filter((line) => !allowed.has(line))
  return [...gained, ...told.unexplained.map(({ file }) => `${file} is not explained`)]
}

/** One line for each thing that is told. What the manifest lists is told with the component where that is new or gone. */
function statements({ changes }: SolutionDiff): string[] {
  return changes.flatMap(({ kind, id, change, properties }) => [
    `${change} ${kind} ${id}`,
    ...(change === 'changed' ? [] : [`listed Component ${id}`]),
    ...properties.map(({ label, base, head }) =>
      kind === 'solution' && /^Component \S+$/.test(label)
        ? `listed ${label}`
        : `${kind} ${id} ${JSON.stringify([label, base, head])}`,
    ),
  ])
}

/** Where two reports are not the same, word for word. */
function otherThan(wanted: SolutionDiff, given: SolutionDiff): string[] {
  const [one, other] = [wanted, given].map((diff) => JSON.stringify(diff, null, 1).split('\n'))
  const at = one?.findIndex((line, index) => line !== other?.[index]) ?? -1
  return at === -1 && one?.length === other?.length ? [] : [`${one?.[at]} became ${other?.[at]}`]
}

/** All trees, by solution; opened when they are looked at, since they do not fit into memory together. */
function solutions(): Map<string, (() => Version)[]> {
  const found = new Map<string, (() => Version)[]>()
  const add = (
    { id, packageType, uniqueName = id, version = '' }: Omit<ExportedArchive, 'file'>,
    archives: readonly string[],
    files: () => ReadonlyMap<string, Uint8Array>,
  ): void => {
    const list = found.get(uniqueName.toLowerCase()) ?? []
    found.set(uniqueName.toLowerCase(), list)
    list.push(() => ({ id, packageType, version, archives, tree: memoryTree(files()) }))
  }
  for (const item of corpus ?? [])
    add(
      item,
      ['solution.zip', ...(item.packageType === 'Both' ? ['solution_managed.zip'] : [])].map((name) =>
        join(item.folder, name),
      ),
      () => unpackCase(item).files,
    )
  for (const item of exportedArchives() ?? [])
    if (/[\\/]exports[\\/]/.test(item.file))
      add(item, [item.file], () => {
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

/** A part of the files of a tree, each written in one of the other ways that say the same. */
function inOtherWays(
  tree: SourceTree,
  turn: number,
): Map<string, { readonly edit: NeutralEdit; readonly bytes: Uint8Array }> {
  const every = Math.ceil(tree.paths.length / FILES_A_TREE)
  const looked = tree.paths.filter((_path, at) => (at + turn) % every === 0)
  const written = new Map<string, { readonly edit: NeutralEdit; readonly bytes: Uint8Array }>()
  // What fits few files chooses first, and the others begin with another one in each tree.
  const [rare, usual] = [true, false].map((isRare) =>
    NEUTRAL_EDITS.filter((edit) => (edit.isRare === true) === isRare),
  )
  const first = turn % (usual?.length ?? 1)
  for (const edit of [...(rare ?? []), ...(usual?.slice(first) ?? []), ...(usual?.slice(0, first) ?? [])]) {
    let left = FILES_AN_EDIT
    for (const path of looked) {
      if (left === 0) break
      if (written.has(path) || !edit.at.test(path)) continue
      const bytes = neutral(edit, path, tree.read(path))
      if (bytes === undefined) continue
      written.set(path, { edit, bytes })
      left--
    }
  }
  return written
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
  const every = Math.max(23, Math.ceil(tree.paths.length / FILES_LOST))
  const lost = new Set(
    tree.paths.filter((path, at) => (at + turn) % every === 0 && path !== 'Other/Solution.xml'),
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

/** A process whose category changes is of the newer kind, whichever way it is looked at. */
const OF_PROCESSES: ReadonlySet<string> = new Set(Object.values(PROCESS_KINDS))

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
  return [way, OF_PROCESSES.has(kind) ? 'process' : kind, id, values.toSorted().join(), files.join()]
    .join(' | ')
    .slice(0, 2000)
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
