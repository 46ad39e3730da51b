import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  openPackage,
  openSource,
  openZip,
  packSolution,
  readFolder,
  unpackAs,
  unpackSolution,
} from '../../index.ts'
import type { PackageParts } from '../../opc/index.ts'
import type { SourceTree } from '../../source-tree.ts'
import { memoryTree, noteMissing, referenceCases, sharedFolder } from '../../testing/reference-cases.ts'
import { readAgain } from '../../testing/read-again.ts'
import { parseXml, type XmlElement } from '../../xml/index.ts'
import { readAnyStyle } from './rule/any-style.ts'
import { readPlatformStyle } from './rule/platform-style.ts'
import { type YamlSource, yamlSourceOf } from './write-source.ts'

const shared = sharedFolder('yaml')
if (shared === undefined) noteMissing('yaml')
const withShared = shared === undefined ? test.skip : test
const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

const open = (bytes: Uint8Array): PackageParts => openPackage(openZip(bytes, { label: 'archive' }))

/** What a folder has that is no part of a solution. */
const NO_PART = new Set(['Readme.md'])

withShared(
  'trees of the platform: to an archive and back over themselves, not a byte is another one',
  async () => {
    let [same, all] = [0, 0]
    for (const folder of ['platform-1', 'platform-2']) {
      const tree = readFolder(join(shared ?? '', folder))
      const { archives } = await packSolution(await openSource(tree), { packageType: 'Unmanaged' })
      const [packed] = archives
      const unpacked = await unpackAs(
        'yaml',
        { archive: open(packed?.bytes ?? new Uint8Array()) },
        { packageType: 'Unmanaged' },
        tree,
      )
      expect([...unpacked.notCarried, ...unpacked.missingFiles]).toEqual([])
      const other: string[] = []
      for (const path of new Set([...tree.paths, ...unpacked.files.keys()])) {
        all++
        const before = tree.paths.includes(path) ? Buffer.from(tree.read(path)) : undefined
        const after = unpacked.files.get(path)
        const text = after && Buffer.from(after).toString('latin1')
        const isMade = unpacked.made.has(path) && before?.includes('\r\n') === true
        if (
          text !== undefined &&
          before?.toString('latin1') === (isMade ? text.replaceAll('\n', '\r\n') : text)
        )
          same++
        else other.push(path)
      }
      expect(other.filter((path) => !NO_PART.has(path))).toEqual([])
    }
    console.log(
      `yaml loop: ${same} of ${all} files byte for byte; the others are no part of a solution: ${[...NO_PART].join(', ')}`,
    )
  },
)

/** How many trees there were when the differences were counted. */
const CORPUS = 147
const DIFFERENT = {
  items: 16471,
  equal: 16373,
  siblings: 24,
  comments: 0,
  endTags: 0,
  unset: 0,
  rootOrder: 74,
}

/** What XML says that YAML source cannot, so that the one and the other way to an archive may differ in it. */
const counted = { items: 0, equal: 0, siblings: 0, comments: 0, endTags: 0, unset: 0, rootOrder: 0 }

/** An element without what YAML source cannot hold: sibling order of other names, comments, ways to be empty. */
function canonical(element: XmlElement, drop: ReadonlySet<string> = new Set()): string {
  const attributes = element.attributes.map(({ name, value }) => `${name}=${JSON.stringify(value)}`)
  const children = element
    .elements()
    .filter(({ name }) => !drop.has(name) && (name !== 'Managed' || element.name !== 'SolutionManifest'))
  const names = [...new Set(children.map(({ name }) => name))]
  const inner = names.flatMap((name) =>
    children.filter((child) => child.name === name).map((child) => canonical(child)),
  )
  // Columns stand by name, as in all but two exports of two thousand tables, and root components by type.
  if (element.name === 'RootComponents' || element.name === 'attributes') inner.sort()
  return `${element.name}[${attributes.join(' ')}]{${inner.length > 0 ? inner.join(',') : element.text}}`
}

const TOOLS_OWN = new Set(['ObjectTypeCode', 'CustomControlDefaultConfigs'])

function compare(before: XmlElement, after: XmlElement): void {
  counted.items++
  const [a, b] = [before.source.replaceAll('\r\n', '\n'), after.source]
  if (a === b) {
    counted.equal++
    return
  }
  const [wanted, found] = [
    canonical(before, before.name === 'Entity' ? TOOLS_OWN : new Set()),
    canonical(after),
  ]
  let at = 0
  while (wanted[at] === found[at] && at < wanted.length) at++
  // Not the whole texts, which may have megabytes.
  if (wanted !== found)
    expect(found.slice(Math.max(at - 200, 0), at + 200)).toBe(wanted.slice(Math.max(at - 200, 0), at + 200))
  const endTags = (text: string): string => text.replace(/<([\w.:-]+)([^<>]*)><\/\1>/g, '<$1$2 />')
  if (before.name === 'SolutionManifest') counted.rootOrder++
  else if (before.source.includes('<!--')) counted.comments++
  else if (before.elements().some(({ name }) => TOOLS_OWN.has(name))) counted.unset++
  else if (endTags(a) === endTags(b)) counted.endTags++
  else counted.siblings++
}

withCorpus(
  'all of the corpus: by YAML an archive becomes what it was, as far as the platform was seen to write it',
  async () => {
    const refusedKinds = new Map<string, number>()
    let [whole, partly, without, documents] = [0, 0, 0, 0]
    const seen = new Set<string>()
    for (const { folder, packageType } of corpus ?? []) {
      const given = open(readFileSync(join(folder, 'solution.zip')))
      const type = packageType === 'Both' ? 'Unmanaged' : packageType
      const xml = memoryTree(unpackSolution({ archive: given }, { packageType: type }).files)
      const packed = await packSolution(xml, { packageType: type, allowMissingFiles: true })
      const archive = open(packed.archives[0]?.bytes ?? new Uint8Array())
      const source = yamlSourceOf(archive)
      const refused = new Set(
        source.refused.flatMap(({ element }) => (element === undefined ? [] : [element])),
      )
      for (const { what } of source.refused) {
        const kind = what.includes('.yml: ')
          ? 'value with a line break or the like'
          : what.replace(/ '.*| of .*|\/.*/s, '')
        refusedKinds.set(kind, (refusedKinds.get(kind) ?? 0) + 1)
      }
      if (
        source.refused.some(({ what }) => what.startsWith('solutions/') || what.startsWith('publishers/'))
      ) {
        without++
        continue
      }
      if (source.refused.length === 0) whole++
      else partly++
      const yaml = memoryTree(new Map([...source.files].map(([path, read]) => [path, read()])))
      const tree = await openSource(yaml)
      expect(tree.made?.problems).toEqual([])
      readBoth(source, yaml, seen)
      documents += readAgain(tree)
      // Of a managed archive, too: a managed one would go without forms of other solutions.
      const again = await packSolution(tree, { packageType: 'Unmanaged', allowMissingFiles: true })
      const result = open(again.archives[0]?.bytes ?? new Uint8Array())
      compareArchives(archive, result, refused)
    }
    const kinds = [...refusedKinds]
      .toSorted(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${kind} ${count}`)
    console.log(
      `yaml, corpus: ${corpus?.length} trees, ${whole} of them whole, ${partly} without what is refused (${kinds.join(', ')}), ${without} refused for a value in the manifest\n${JSON.stringify(counted)}\n${seen.size} files in the style of the platform, every fifth read alike by both readers of YAML, ${documents} documents with their nodes`,
    )
    // Whoever adds to what differs says why in docs/git-integration.md.
    if (corpus?.length === CORPUS) expect(counted).toEqual(DIFFERENT)
  },
  900_000,
)

/** The reader of the platform's style takes all that is written, and reads it as the one of all styles does. */
function readBoth(
  { made }: Pick<YamlSource, 'made'>,
  yaml: Pick<SourceTree, 'read'>,
  seen: Set<string>,
): void {
  for (const path of made) {
    const bytes = yaml.read(path)
    const text = Buffer.from(bytes).toString()
    // The reader of all styles takes long: what is there often is read once, and of the rest every fifth.
    if (seen.has(text)) continue
    seen.add(text)
    const fast = readPlatformStyle(bytes, 1)
    if (fast === undefined) throw new Error(`${path} is not in the style of the platform`)
    if (seen.size % 5 !== 0) continue
    const all = readAnyStyle(bytes, path, 1)
    const isSame = fast.xml === all.xml && fast.lines.join() === all.lines.join()
    if (!isSame) expect(fast).toEqual({ ...all, nodes: fast.nodes })
    expect(fast.languages).toEqual(all.languages)
  }
}

function compareArchives(before: PackageParts, after: PackageParts, refused: ReadonlySet<XmlElement>): void {
  const places = new Set([...refused].map((element) => element.document.start(element.node)))
  const [a, b] = [before, after].map(
    (archive) => parseXml(archive.read('customizations.xml'), 'customizations.xml').root,
  )
  for (const section of a?.elements() ?? []) {
    if (section.name === 'Languages') continue
    const items = section.elements().filter((item) => isWhole(item, places))
    const found = b?.element(section.name)?.elements() ?? []
    const all = section.elements().filter(({ document, node }) => !places.has(document.start(node)))
    expect(found).toHaveLength(all.length)
    for (const item of items) {
      const match = found[all.findIndex(({ node }) => node === item.node)]
      if (match !== undefined) compare(item, match)
    }
  }
  for (const path of after.paths) {
    if (/^(?:customizations|solution)\.xml$|^\[Content_Types\]\.xml$|\.msapp$/.test(path)) continue
    expect(Buffer.compare(after.read(path), before.read(path))).toBe(0)
  }
  const [c, d] = [before, after].map((archive) =>
    parseXml(archive.read('solution.xml'), 'solution.xml').root.element('SolutionManifest'),
  )
  if (c !== undefined && d !== undefined) compare(c, d)
}

/** An item of which a part was refused is not the same without it. */
function isWhole({ document, node }: XmlElement, refused: ReadonlySet<number>): boolean {
  const [from, to] = [document.start(node), document.nodes.closes[node] ?? 0]
  return ![...refused].some((place) => place >= from && place < to)
}
