import { COMPONENTS, parseXml } from '@dsa/solution-package'
import type { PackageParts, SolutionManifest, XmlElement } from '@dsa/solution-package'

/** What a table of an archive holds below it, all in lower case; ids without braces. */
export interface TableContent {
  readonly columns: ReadonlySet<string>
  readonly forms: ReadonlySet<string>
  readonly views: ReadonlySet<string>
  /** `0` takes everything of the table along; then what lies below it is no root of its own. */
  readonly behavior: string
}

/** The components of an archive, by names that mean the same in every environment. */
export interface ArchiveComponents {
  /** `type:name` and `type:id` of every root component. */
  readonly roots: ReadonlyMap<string, { readonly type: number; readonly name: string }>
  /** Components that are no roots but have a folder of their own, such as environment variables and custom APIs. */
  readonly inFolders: ReadonlyMap<string, { readonly type: number; readonly name: string }>
  /** Every name and id under which something is defined in the archive, folded; not what is only referred to. */
  readonly identifiers: ReadonlySet<string>
  /** Folded schema names of the environment variables whose current value travels in the archive. */
  readonly values: ReadonlySet<string>
  /** By logical name. */
  readonly tables: ReadonlyMap<string, TableContent>
}

export const TABLE = COMPONENTS.table.type

export function fold(text: string): string {
  return text.toLowerCase().replace(/[{}]/g, '')
}
export function rootKey(type: number | string, name: string): string {
  return `${type}:${fold(name)}`
}

/** Reads the root components of solution.xml and what customizations.xml has below each table. */
export function componentsOf(parts: PackageParts, manifest: SolutionManifest): ArchiveComponents {
  const path = parts.find('customizations.xml')
  const behaviors = new Map(
    manifest.rootComponents
      .filter(({ type }) => Number(type) === TABLE)
      .map(({ schemaName = '', behavior = '0' }) => [fold(schemaName), behavior]),
  )
  const root = path === undefined ? undefined : parseXml(parts.read(path), path).root
  const entities = root?.element('Entities')?.elements('Entity') ?? []
  const folders = parts.paths.map((each) => each.split('/').slice(0, -1))
  return {
    roots: new Map(
      manifest.rootComponents.map(({ type, schemaName, id }) => {
        const name = schemaName ?? id ?? ''
        return [rootKey(type, name), { type: Number(type), name }]
      }),
    ),
    inFolders: new Map(
      folders.flatMap(([kind = '', name]) => {
        const type = FOLDER_TYPES[kind.toLowerCase()]
        return name === undefined || type === undefined ? [] : [[rootKey(type, name), { type, name }]]
      }),
    ),
    identifiers: new Set([
      ...manifest.rootComponents
        .flatMap(({ schemaName, id }) => [schemaName, id])
        .filter(isText)
        .map(fold),
      ...folders.flat().map(fold),
      ...(root === undefined ? [] : root.elements().flatMap(definedIn)),
    ]),
    values: new Set(
      folders.flatMap(([kind, name = ''], index) =>
        kind === 'environmentvariabledefinitions' &&
        parts.paths[index]?.endsWith('/environmentvariablevalues.json') === true
          ? [fold(name)]
          : [],
      ),
    ),
    tables: new Map(
      entities.map((entity) => {
        const name = fold(entity.element('Name')?.text ?? '')
        return [name, { ...tableContent(entity), behavior: behaviors.get(name) ?? '0' }]
      }),
    ),
  }
}

/** Folders whose names are those of components, with the documented type where there is one. */
const FOLDER_TYPES: Readonly<Record<string, number>> = {
  environmentvariabledefinitions: COMPONENTS.environmentVariable.type,
  customapis: 0,
  appactions: 0,
  bots: 0,
  botcomponents: 0,
}

function isText(value: string | undefined): value is string {
  return value !== undefined
}

/** The names and ids of the items of a section: their attributes, and children such as `Name` or `WebResourceId`. */
function definedIn(section: XmlElement): readonly string[] {
  return section.elements().flatMap((item) => {
    const own = `${item.name}Id`.toLowerCase()
    const attributes = item.attributes
      .filter(({ name }) => /(id|name)$/i.test(name))
      .map(({ value }) => value)
    const children = item
      .elements()
      .filter(({ name }) => name.toLowerCase() === own || /^(\w*Unique)?Name$/.test(name))
    return [...attributes, ...children.map(({ text }) => text)].map(fold)
  })
}

function tableContent(entity: XmlElement): Omit<TableContent, 'behavior'> {
  const attributes =
    entity.element('EntityInfo')?.element('entity')?.element('attributes')?.elements('attribute') ?? []
  const texts = (name: string): Set<string> => new Set(entity.descendants(name).map(({ text }) => fold(text)))
  return {
    columns: new Set(
      attributes.map((one) => fold(one.element('LogicalName')?.text ?? one.element('Name')?.text ?? '')),
    ),
    forms: texts('formid'),
    views: texts('savedqueryid'),
  }
}
