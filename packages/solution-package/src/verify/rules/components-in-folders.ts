import { folderRow, isDefinition } from '../../model/component-folders.ts'
import type { ComponentRow } from '../../model/component.ts'
import { COMPONENTS } from '../../model/components.ts'
import { KINDS } from '../../model/kinds.ts'
import { lookUp } from '../../model/lookup.ts'
import type { RootComponent } from '../../manifest.ts'
import { componentKeys } from '../../pack/root-components.ts'
import { templatePattern } from '../../sources/xml/path-template.ts'
import type { XmlElement } from '../../xml/index.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** Kinds of components that have a folder of their own and a number that is the same in all environments. */
const numbered = new Set([String(COMPONENTS.environmentVariable.type)])

/** Older exports have these in a section; its files are elsewhere. */
const sections = KINDS.flatMap((kind) => {
  const row = kind.components.find(({ type }) => numbered.has(String(type)))
  return row !== undefined && kind.layout === 'items' ? [{ row, pattern: templatePattern(kind.path) }] : []
})

/** Root components of those kinds that no definition in the folder stands for. */
export function rootsWithoutDefinition(source: SourceUnderCheck): readonly RootComponent[] {
  const roots = source.manifest.rootComponents.filter(({ type }) => numbered.has(type))
  if (roots.length === 0) return []
  const present = new Set([...definitions(source)].flatMap(([row, element]) => keysOf(row, element)))
  return roots.filter((root) => !componentKeys(root).some((key) => present.has(key)))
}

function* definitions(source: SourceUnderCheck): Iterable<readonly [ComponentRow, XmlElement]> {
  for (const path of source.xmlFiles) {
    const section = sections.find(({ pattern }) => pattern.test(path))
    if (section === undefined && !isDefinition(path, source.read(path))) continue
    const root = source.document(path)?.root
    if (root !== undefined) yield [section?.row ?? folderRow(root), root]
  }
}

function keysOf(row: ComponentRow, element: XmlElement): readonly string[] {
  const schemaName = lookUp(row.name, element)
  const id = row.id === undefined ? undefined : lookUp(row.id, element)
  return componentKeys({ type: String(row.type), ...(schemaName && { schemaName }), ...(id && { id }) })
}
