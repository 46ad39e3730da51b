import type { Kind, YamlForm, YamlPart } from '../../model/kind.ts'
import { kindOf } from '../../model/kind-of.ts'
import { lookUp } from '../../model/lookup.ts'
import { filesNamedBy, findNamed, folderOf } from '../../model/named-files.ts'
import { findPart } from '../../manifest.ts'
import { decodePartName, type PackageParts } from '../../opc/index.ts'
import { SolutionError } from '../../solution-error.ts'
import { parseXml, type XmlElement } from '../../xml/index.ts'
import { openZip } from '../../zip/index.ts'
import type { NotCarried } from '../not-carried.ts'
import { fillTemplate, treePath } from '../xml/path-template.ts'
import { manifestElement } from '../xml/solution-xml.ts'
import { listedAs } from './layout.ts'
import { writeYaml, type WrittenElement } from './rule/write-yaml.ts'

/** Something that is in an archive and of which it is not known how the platform writes it. */
export interface Refused {
  /** What it is: a kind, with its name where it has one. */
  readonly what: string
  /** The element or the part. */
  readonly at: string
  readonly element?: XmlElement
}

export interface YamlSource {
  /** Bytes by path from the root; lines end with line feeds in those that are made. */
  readonly files: ReadonlyMap<string, () => Uint8Array>
  /** Files that are YAML of our own making; all others are copied. */
  readonly made: ReadonlySet<string>
  readonly refused: readonly Refused[]
  readonly notCarried: readonly NotCarried[]
  /** Files that definitions name and the archive does not hold. */
  readonly missing: readonly string[]
}

/** Attributes of solution.xml that say something about the environment, and are in no file of the platform. */
const OF_ENVIRONMENT = new Set([
  'OrganizationVersion',
  'OrganizationSchemaType',
  'CRMServerServiceabilityVersion',
])

/** Sections that are made anew when the source is packed. */
const DERIVED = new Set(['Languages'])

/**
 * Lays an archive out as Git integration does. Only what the platform was seen to write is written.
 *
 * @param folder of the solution below `solutions`, where it has another name than the solution
 * @throws SolutionError or XmlError when the archive is no solution
 */
export function yamlSourceOf(archive: PackageParts, folder?: string): YamlSource {
  const writer = new SourceWriter(archive)
  const solution = findPart(archive, 'solution.xml')
  const customizations = findPart(archive, 'customizations.xml')
  for (const section of parseXml(archive.read(customizations), customizations).root.elements())
    writer.section(section)
  writer.manifest(parseXml(archive.read(solution), solution).root, folder)
  writer.refuseRest([solution, customizations])
  return writer
}

class SourceWriter implements YamlSource {
  readonly files = new Map<string, () => Uint8Array>()
  readonly made = new Set<string>()
  readonly refused: Refused[] = []
  readonly notCarried: NotCarried[] = []
  readonly missing: string[] = []
  readonly #archive: PackageParts
  readonly #listed = new Set<string>()
  readonly #taken = new Set<string>()
  /** Top folders of kinds that were refused by the names of their components. */
  readonly #told = new Set<string>()

  constructor(archive: PackageParts) {
    this.#archive = archive
  }

  section(section: XmlElement): void {
    const kind = kindOf(section.name)
    if (DERIVED.has(section.name)) return
    for (const item of section.elements()) {
      const form = kind?.yaml?.find(
        ({ only }) => only === undefined || lookUp(only.at, item)?.trim() === only.is,
      )
      if (kind === undefined || form?.seen !== true || !item.is(form.item)) {
        this.#refuse(item, nameOf(item, kind))
        for (const folder of kind?.claims ?? []) this.#told.add(folder.toLowerCase())
      } else if (
        kind.layout === 'items' &&
        kind.skip !== undefined &&
        item.attribute(kind.skip.attribute) === kind.skip.value
      )
        this.#lose(
          item,
          `${item.name} with ${kind.skip.attribute}="${kind.skip.value}" is left out, with its file`,
        )
      else this.#item(kind, form, item)
    }
  }

  #item(kind: Kind, form: YamlForm, item: XmlElement): void {
    const path = fillTemplate(form.path, { element: item })
    const folder = folderOf(path)
    const { parts = [], files } = form
    const heads = new Set(parts.map(({ at }) => at[0]))
    if (form.children !== undefined) {
      for (const child of item.elements()) {
        const isKnown = form.children.includes(child.name) || heads.has(child.name)
        if (isKnown || form.leftOut?.includes(child.name) === true || isEmpty(child)) continue
        this.#refuse(child, `${child.name} of ${nameOf(item, kind)}`)
      }
    }
    const without = new Set([
      ...parts.map(({ at }) =>
        (form.children?.includes(at[0] ?? '') === true ? at.slice(0, -1) : at.slice(0, 1)).join('/'),
      ),
      ...item.elements().flatMap(({ name }) => (form.children?.includes(name) === false ? [name] : [])),
    ])
    const isWritten = this.#write(path, item, form, undefined, {
      without,
      ...(files !== undefined && {
        text: (element: XmlElement, value: string) =>
          files.elements.includes(element.name) && value.startsWith(files.folder)
            ? `/${folder}${value.slice(files.folder.length)}`
            : value,
      }),
    })
    if (!isWritten) return
    for (const part of parts) this.#parts(kind, form, part, item, folder)
    const named = kind.layout === 'items' ? filesNamedBy(kind.files, item) : []
    for (const { name, at } of named) {
      const target = folder + decodePartName(withoutPrefix(name, files?.folder.slice(1) ?? ''))
      const source = findNamed(this.#archive, name)
      if (files === undefined) {
        this.#refuse(at, `file '${name}' of ${nameOf(item, kind)}`)
        if (source !== undefined) this.#taken.add(source)
        continue
      }
      if (source === undefined)
        this.missing.push(
          `${at.file}, line ${at.position.line}: <${at.name}> names ${name}, which the archive does not hold.`,
        )
      else this.#copy(target, source)
    }
  }

  #parts(kind: Kind, form: YamlForm, part: YamlPart, item: XmlElement, folder: string): void {
    const outer = part.at.slice(0, -1)
    const name = part.at.at(-1) ?? ''
    const parents = outer.reduce<readonly XmlElement[]>(
      (elements, step) => elements.flatMap((element) => element.elements(step)),
      [item],
    )
    for (const parent of parents) {
      for (const element of parent.elements()) {
        const group = part.groups === undefined ? undefined : parent.attribute(part.groups.attribute)
        const isSeen = group === undefined || part.groups?.seen.includes(group) === true
        const what = `${group === undefined ? '' : `${group} `}${element.name} of ${nameOf(item, kind)}`
        if (!element.is(name)) {
          if (outer.length > 0) this.#refuse(element, what)
        } else if (isSeen)
          this.#write(folder + fillTemplate(part.path, { element, parent }), element, form, part)
        else this.#refuse(element, what)
      }
    }
  }

  /** The manifests of the solution, and its publisher. */
  manifest(root: XmlElement, named?: string): void {
    const manifest = manifestElement(root.document)
    const uniqueName = manifest.element('UniqueName')?.text ?? ''
    const publisher = manifest.element('Publisher')
    const publisherName = publisher?.element('UniqueName')?.text ?? ''
    if (publisher === undefined || publisherName === '')
      throw SolutionError.at(manifest, '<SolutionManifest> has no Publisher with a UniqueName')
    const folder = `solutions/${named ?? segment(uniqueName)}`
    const path = `publishers/${segment(publisherName)}/publisher.yml`
    this.#add(path, publisher, {})
    this.#listed.add(`/${folderOf(path).slice(0, -1)}`)
    const others = publisher.elements().filter(({ name }) => name !== 'UniqueName')
    const lists = ['RootComponents', 'MissingDependencies'] as const
    this.#add(`${folder}/solution.yml`, root, {
      without: new Set([
        ...lists.map((name) => `SolutionManifest/${name}`),
        ...others.map(({ name }) => `SolutionManifest/Publisher/${name}`),
      ]),
      withoutAttributes: OF_ENVIRONMENT,
      text: (element, value) => (element.name === 'Managed' ? '0' : value),
    })
    for (const name of lists) {
      const list = manifest.element(name) ?? parseXml(Buffer.from(`<${name} />`), name).root
      this.#add(
        `${folder}/${name.toLowerCase()}.yml`,
        list,
        name === 'RootComponents' ? { order: byType } : {},
      )
    }
    const listed = [...this.#listed].toSorted((a, b) => (a < b ? -1 : 1))
    const components = listed.map(
      (of) =>
        `<Component path="${of.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}" />`,
    )
    const { root: list } = parseXml(
      Buffer.from(`<SolutionComponents>${components.join('')}</SolutionComponents>`),
      'solutioncomponents.yml',
    )
    this.#add(`${folder}/solutioncomponents.yml`, list, {})
  }

  /** What no component names is of kinds that have a folder of their own, of which no YAML was seen. */
  refuseRest(documents: readonly string[]): void {
    const taken = new Set([...this.#taken, ...documents])
    const told = new Set<string>()
    for (const { path, topFolder } of this.#archive.parts) {
      if (taken.has(path) || this.#told.has(topFolder.toLowerCase())) continue
      // A component of a kind that is a folder has several files in it.
      const [, component = '', ...rest] = path.split('/')
      const what = rest.length > 0 ? `${topFolder} '${component}'` : path
      if (told.has(what)) continue
      told.add(what)
      this.refused.push({ what, at: path })
    }
  }

  #write(
    path: string,
    element: XmlElement,
    form: YamlForm,
    part: YamlPart | undefined,
    written: WrittenElement = {},
  ): boolean {
    const isAdded = this.#add(path, element, written)
    if (isAdded) this.#listed.add(listedAs(path, { form, part }))
    return isAdded
  }

  /** Adds a file; false when it cannot be written, which is refused. */
  #add(stated: string, element: XmlElement, written: WrittenElement): boolean {
    const path = treePath(stated, element)
    if (this.files.has(path))
      throw SolutionError.at(
        element,
        `becomes ${path}, as another component does; give one of them another name`,
      )
    try {
      const text = writeYaml(element, written)
      this.files.set(path, () => Buffer.from(text))
      this.made.add(path)
      return true
    } catch (error) {
      if (!(error instanceof SolutionError) || error.at === undefined) throw error
      this.#refuse(element, `${path}: ${error.at.problem}`)
      return false
    }
  }

  /** Copies a part; the archive of a canvas app becomes a folder. */
  #copy(stated: string, part: string): void {
    this.#taken.add(part)
    const path = treePath(stated)
    if (!path.toLowerCase().endsWith('.msapp')) {
      this.files.set(path, () => this.#archive.read(part))
      return
    }
    const folder = path.slice(0, -'.msapp'.length)
    for (const entry of openZip(this.#archive.read(part), { label: part })) {
      if (/[\\/]$/.test(entry.name)) continue
      this.files.set(treePath(`${folder}/${entry.name.replaceAll('\\', '/')}`), () => entry.read())
    }
  }

  #refuse(element: XmlElement, what: string): void {
    this.refused.push({ what, at: `${element.file}, line ${element.position.line}`, element })
  }

  #lose(element: XmlElement, reason: string): void {
    this.notCarried.push({
      path: `${element.file}, line ${element.position.line}: <${element.name}>`,
      reason,
      kind: 'element',
    })
  }
}

function nameOf(item: XmlElement, kind: Kind | undefined): string {
  const row = kind?.components[0]
  const name = row === undefined ? undefined : (lookUp(row.name, item) ?? undefined)
  const label = row?.label ?? item.name
  return name === undefined ? label : `${label} '${name}'`
}

function isEmpty(element: XmlElement): boolean {
  return element.attributes.length === 0 && element.elements().length === 0 && element.text === ''
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

/** By the number of the type, then by name or id, as the platform has root components. */
function byType(components: readonly XmlElement[]): readonly XmlElement[] {
  const keyed = components.map((component) => ({
    component,
    type: Number(component.attribute('type')),
    name: (component.attribute('schemaName') ?? component.attribute('id') ?? '').toLowerCase(),
  }))
  return keyed
    .toSorted((a, b) => a.type - b.type || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ component }) => component)
}

function segment(name: string): string {
  return name.replaceAll('/', '_')
}
