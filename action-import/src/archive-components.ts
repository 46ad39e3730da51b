import { openPackage, openZip, parseXml } from '@dsa/solution-package'
import type { XmlElement } from '@dsa/solution-package'
import type { Archive } from './archive.ts'

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
  /** By logical name. */
  readonly tables: ReadonlyMap<string, TableContent>
}

export const TABLE = 1

export const fold = (text: string): string => text.toLowerCase().replace(/[{}]/g, '')
export const rootKey = (type: number | string, name: string): string => `${type}:${fold(name)}`

/** Reads the root components of solution.xml and what customizations.xml has below each table. */
export const componentsOf = ({ bytes, manifest }: Archive): ArchiveComponents => {
  const parts = openPackage(openZip(bytes))
  const path = parts.find('customizations.xml')
  const behaviors = new Map(
    manifest.rootComponents
      .filter(({ type }) => Number(type) === TABLE)
      .map(({ schemaName = '', behavior = '0' }) => [fold(schemaName), behavior]),
  )
  const entities = path === undefined ? [] : entitiesOf(parseXml(parts.read(path), path).root)
  return {
    roots: new Map(
      manifest.rootComponents.map(({ type, schemaName, id }) => {
        const name = schemaName ?? id ?? ''
        return [rootKey(type, name), { type: Number(type), name }]
      }),
    ),
    tables: new Map(
      entities.map((entity) => {
        const name = fold(entity.element('Name')?.text ?? '')
        return [name, { ...tableContent(entity), behavior: behaviors.get(name) ?? '0' }]
      }),
    ),
  }
}

const entitiesOf = (root: XmlElement): readonly XmlElement[] =>
  root.element('Entities')?.elements('Entity') ?? []

const tableContent = (entity: XmlElement): Omit<TableContent, 'behavior'> => {
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
