import { CONSTANT_SECTIONS, FURTHER_SECTIONS } from '../../model/constant-sections.ts'
import { sortByCulture } from '../../dotnet/culture-order.ts'
import type { RelationshipsKind } from '../../model/kind.ts'
import { fillTemplate } from '../xml/path-template.ts'
import { entityOf } from '../xml/layouts/relationships.ts'
import { isLitter } from '../xml/litter.ts'
import { type ParsedTree, parseSource } from '../../parsed-tree.ts'
import { SolutionError } from '../../solution-error.ts'
import type { MadeOf, SourceProblem, SourceTree } from '../../source-tree.ts'
import { DocumentBuilder, rawBytes, type XmlDocument, type XmlElement } from '../../xml/index.ts'
import { archiveOfApp, explodedFolder } from './canvas-archive.ts'
import { checkPlaces } from './check-places.ts'
import { indented } from './indentation.ts'
import { type Item, ItemDocuments, type NamedSource, type PlacedFile } from './item-documents.ts'
import { isKnownFolder, type Placed, placeOf } from './layout.ts'
import { checkListed, isOfRoot, Listing } from './listing.ts'
import { Problems, YAML_RULES } from './problems.ts'
import { XSI } from './rule/namespace.ts'
import { solutionDocument, withYamlVersion } from './solution-document.ts'
import { TextOrigin } from './text-origin.ts'
import type { YamlFile } from './yaml-file.ts'
import { readYamlFiles } from './yaml-files.ts'

const SOLUTION = 'Other/Solution.xml'
const CUSTOMIZATIONS = 'Other/Customizations.xml'

const HEAD = Buffer.from('\u{feff}<?xml version="1.0" encoding="utf-8"?>\n')

/** A file of the tree: XML that was put together, bytes that were made, or a file of the folder. */
type TreeFile =
  { readonly document: XmlDocument } | { readonly bytes: Uint8Array } | { readonly source: string }

/**
 * Reads a solution of a YAML source as the XML tree that it stands for, so that whatever is done with a tree is done
 * with it in one way. An element of a document of the tree tells the file and the line that it comes from. What is wrong
 * with the files is collected, not thrown; what can be read of them is there all the same.
 *
 * @param name of the folder of the solution below `solutions`
 */
export async function readYamlTree(
  source: SourceTree,
  name: string,
  others: readonly string[],
): Promise<ParsedTree> {
  const problems = new Problems()
  const own = `solutions/${name}/`
  const manifests = await readYamlFiles(
    source,
    [
      ...['solution', 'rootcomponents', 'missingdependencies', 'solutioncomponents'].map(
        (file) => `${own}${file}.yml`,
      ),
      ...others.map((other) => `solutions/${other}/solutioncomponents.yml`),
    ].filter((path) => source.paths.includes(path)),
    (path) => (/\/(?:rootcomponents|missingdependencies)\.yml$/.test(path) ? 2 : 0),
    problems,
  )
  const manifest = (file: string, element: string): YamlFile | undefined => {
    const path = `${own}${file}.yml`
    const found = manifests.get(path)
    if (!source.paths.includes(path)) problems.add(YAML_RULES.manifest, path, `${path} is missing`)
    if (found === undefined || found.name === element) return found
    problems.at(YAML_RULES.misplaced, found.element, `'${found.name}' stands where '${element}' is expected`)
    return undefined
  }
  const list = manifest('solutioncomponents', 'SolutionComponents')
  if (list !== undefined) checkListed(list, source.paths, problems)
  const listing = new Listing(list)
  const elsewhere = others.map(
    (other) => new Listing(manifests.get(`solutions/${other}/solutioncomponents.yml`)),
  )
  const mine: string[] = []
  const placed = new Map<string, Placed>()
  for (const path of source.paths) {
    if (isOfRoot(path)) continue
    const place = placeOf(path)
    if (listing.has(path, place)) {
      mine.push(path)
      if (place !== undefined) placed.set(path, place)
    } else if (!elsewhere.some((of) => of.has(path, place)))
      problems.add(
        YAML_RULES.notListed,
        path,
        `no solutioncomponents.yml lists it, so it would be left out. List it in ${own}solutioncomponents.yml, or remove it`,
      )
  }
  const solution = manifest('solution', 'ImportExportXml')
  const publisherName =
    solution?.element.element('SolutionManifest')?.element('Publisher')?.element('UniqueName')?.text ?? ''
  const publisherPath = `publishers/${publisherName}/publisher.yml`
  const files = await readYamlFiles(
    source,
    [...placed.keys(), ...(source.paths.includes(publisherPath) ? [publisherPath] : [])],
    (path) => levelOf(placed.get(path)),
    problems,
  )
  if (solution !== undefined && !source.paths.includes(publisherPath))
    problems.add(
      YAML_RULES.manifest,
      solution.path,
      `the publisher is '${publisherName}', and ${publisherPath} is missing`,
    )
  const publisher = files.get(publisherPath)
  if (publisher !== undefined && publisher.name !== 'Publisher')
    problems.at(
      YAML_RULES.misplaced,
      publisher.element,
      `'${publisher.name}' stands where 'Publisher' is expected`,
    )
  const tree = new TreeOfYaml(source, problems.all, own)
  const items = checkPlaces(
    [...placed].flatMap(([path, place]) => placedFile(path, place, files)),
    new Set(placed.keys()),
    problems,
  )
  const languages = new Set([...files.values()].flatMap(({ text }) => [...text.languages]))
  const named = tree.addItems(items, problems, { solution, languages })
  const rootComponents = manifest('rootcomponents', 'RootComponents')
  const missingDependencies = manifest('missingdependencies', 'MissingDependencies')
  const document = solutionDocument({ solution, rootComponents, missingDependencies, publisher }, problems)
  if (document !== undefined) tree.add(SOLUTION, document, solution?.path)
  await tree.addNamed(named)
  const taken = new Set([
    ...placed.keys(),
    ...named.flatMap(({ source: file }) => filesOf(file, source.paths)),
  ])
  for (const path of mine) {
    if (taken.has(path) || path.startsWith('publishers/') || isLitter(path)) continue
    if (isKnownFolder(path.toLowerCase()))
      problems.add(
        YAML_RULES.misplaced,
        path,
        'no file of a component is called so here, and no component names it',
      )
    else tree.carry(path, path)
  }
  return tree
}

function placedFile(path: string, place: Placed, files: ReadonlyMap<string, YamlFile>): PlacedFile[] {
  const file = files.get(path)
  return file === undefined ? [] : [{ ...place, file }]
}

/** The files that one file is made of. */
function filesOf(path: string, paths: readonly string[]): readonly string[] {
  const folder = explodedFolder(path, paths)
  return folder === undefined ? [path] : paths.filter((file) => file.startsWith(folder))
}

/** How deep the element of a file stands in the document of the tree that it is part of. */
function levelOf(placed: Placed | undefined): number {
  if (placed === undefined) return 2
  const { kind, part } = placed
  if (part === undefined) return kind.layout === 'items' ? 0 : kind.layout === 'relationships' ? 1 : 2
  const cut =
    kind.layout === 'items' ? kind.parts?.find(({ at }) => at.join('/') === part.at.join('/')) : undefined
  if (cut === undefined) return part.at.length
  return cut.wrapper === undefined ? 0 : 1
}

class TreeOfYaml implements ParsedTree {
  readonly made: MadeOf
  readonly #source: SourceTree
  /** The paths of the folder. */
  readonly #given: ReadonlySet<string>
  readonly #files = new Map<string, TreeFile>()
  readonly #documents = new Map<string, XmlDocument>()
  readonly #origins = new Map<string, string>()
  #paths: readonly string[] | undefined

  constructor(source: SourceTree, problems: readonly SourceProblem[], own: string) {
    this.#source = source
    this.#given = new Set(source.paths)
    this.#origins.set(SOLUTION, `${own}solution.yml`)
    this.#origins.set(CUSTOMIZATIONS, `${own}solutioncomponents.yml`)
    this.made = {
      format: 'yaml',
      problems,
      originOf: (path) => this.#origins.get(path) ?? path,
      withVersion: (version) => {
        const path = `${own}solution.yml`
        const bytes = withYamlVersion(source, path, version)
        if (bytes === undefined) throw new SolutionError(`${path} has no Version to write the new one to.`)
        return { path, bytes }
      },
    }
  }

  get paths(): readonly string[] {
    this.#paths ??= [...this.#files.keys()].toSorted((a, b) => (a < b ? -1 : 1))
    return this.#paths
  }

  read(path: string): Uint8Array {
    const file = this.#files.get(path)
    if (file === undefined) return this.#source.read(path)
    // As unpacking writes it, so that what says the same is the same.
    if ('document' in file) return Buffer.concat([HEAD, rawBytes(file.document.raw)])
    return 'bytes' in file ? file.bytes : this.#source.read(file.source)
  }

  parse(path: string): XmlDocument {
    const known = this.#documents.get(path)
    if (known !== undefined) return known
    const file = this.#files.get(path)
    const document =
      file !== undefined && 'document' in file ? file.document : parseSource(this.read(path), path)
    this.#documents.set(path, document)
    return document
  }

  add(path: string, made: DocumentBuilder, origin: string | undefined): XmlElement {
    const document = made.finish(path, (runs) => new TextOrigin(runs, (from) => this.#source.read(from)))
    this.#set(path, { document })
    this.#documents.set(path, document)
    if (origin !== undefined && !this.#origins.has(path)) this.#origins.set(path, origin)
    return document.root
  }

  #set(path: string, file: TreeFile): void {
    this.#files.set(path, file)
    this.#paths = undefined
  }

  /** Takes a file of the folder as it is. */
  carry(path: string, source: string): void {
    this.#set(path, { source })
    if (path !== source) this.#origins.set(path, source)
  }

  /** Adds the documents of items, and the one that lists the sections. Returns the files that definitions name. */
  addItems(
    items: readonly Item[],
    problems: Problems,
    of: { readonly solution: YamlFile | undefined; readonly languages: ReadonlySet<string> },
  ): readonly NamedSource[] {
    const documents = new ItemDocuments(this.#given, (path, made, item) => this.add(path, made, item.file))
    const named: NamedSource[] = []
    const relationships: Item[] = []
    const sections = new Map<string, Item[]>()
    for (const item of items) {
      const { kind } = item
      const list = sections.get(kind.section) ?? []
      sections.set(kind.section, list)
      if (kind.layout === 'items')
        named.push(...(problems.within(YAML_RULES.misplaced, () => documents.add(kind, item)) ?? []))
      else if (kind.layout === 'relationships') relationships.push(item)
      else list.push(item)
    }
    this.#addRelationships(relationships, problems)
    this.#addCustomizations(sections, of.solution, of.languages)
    return named
  }

  async addNamed(named: readonly NamedSource[]): Promise<void> {
    for (const { path, source } of named) {
      const folder = explodedFolder(source, this.#source.paths)
      if (this.#given.has(source)) this.carry(path, source)
      else if (folder !== undefined) this.#set(path, { bytes: await archiveOfApp(this.#source, folder) })
      this.#origins.set(path, source)
    }
  }

  /** A file for each table with its relationships, and the index of all, by name as exports have it. */
  #addRelationships(items: readonly Item[], problems: Problems): void {
    const named = sortByCulture(items, ({ file }) => [file.element.attribute('Name')])
    const groups = new Map<string, Item[]>()
    const index = new DocumentBuilder()
    let kind: RelationshipsKind | undefined
    for (const item of named) {
      if (item.kind.layout !== 'relationships') continue
      const relationships = item.kind
      const { element, path } = item.file
      const entity = problems.within(YAML_RULES.misplaced, () => entityOf(relationships, element))
      if (entity === undefined) continue
      if (kind === undefined) index.start(listTag(relationships), path)
      kind = relationships
      groups.set(entity, [...(groups.get(entity) ?? []), item])
      index.layout(indented(1))
      index.empty(element.rawTag.replace(/ ?\/?>$/, ' />'), path)
    }
    if (kind === undefined) return
    const endTag = `${indented(0)}</${kind.section}>`
    const first = items[0]?.file.path ?? ''
    index.end(endTag)
    this.add(kind.index, index, first)
    for (const [entity, of] of groups) {
      const { element, path } = of[0]?.file ?? {}
      if (element === undefined || path === undefined) continue
      const list = new DocumentBuilder()
      list.start(listTag(kind), path)
      for (const { file } of of) {
        list.layout(indented(1))
        list.copy(file.copied)
      }
      list.end(endTag)
      this.add(fillTemplate(kind.path, { element, value: entity }), list, path)
    }
  }

  #addCustomizations(
    sections: ReadonlyMap<string, readonly Item[]>,
    solution: YamlFile | undefined,
    used: ReadonlySet<string>,
  ): void {
    const path = this.made.originOf(CUSTOMIZATIONS)
    const names = CONSTANT_SECTIONS.flatMap((name) => [
      name,
      ...(FURTHER_SECTIONS[name] ?? []).filter((further) => sections.has(further)),
    ])
    const own = solution?.element.attribute('languagecode') ?? '1033'
    const languages = [own, ...[...used].filter((code) => code !== own).toSorted()].filter((code) =>
      /^\d+$/.test(code),
    )
    const document = new DocumentBuilder()
    document.start(`<ImportExportXml xmlns:xsi="${XSI}">`, path)
    for (const name of names) {
      const items = sections.get(name) ?? []
      document.layout(indented(1))
      if (items.length === 0) {
        document.empty(`<${name} />`, path)
        continue
      }
      document.start(`<${name}>`, path)
      for (const { file } of items) {
        document.layout(indented(2))
        document.copy(file.copied)
      }
      document.end(`${indented(1)}</${name}>`)
    }
    document.layout(indented(1))
    document.start('<Languages>', path)
    for (const code of languages) {
      document.layout(indented(2))
      document.leaf('<Language>', code, '</Language>', path)
    }
    document.end(`${indented(1)}</Languages>`)
    document.end(`${indented(0)}</ImportExportXml>`)
    this.add(CUSTOMIZATIONS, document, path)
  }
}

function listTag({ section }: RelationshipsKind): string {
  return `<${section} xmlns:xsi="${XSI}">`
}
