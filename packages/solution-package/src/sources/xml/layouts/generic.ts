import { SolutionError } from '../../../solution-error.ts'
import type { Packing } from '../packing.ts'
import type { Unpacking } from '../unpacking.ts'
import { declarationsOf, type XmlElement, type XmlWriter } from '../../../xml/index.ts'
import { lookUp } from '../../../model/lookup.ts'
import { elementsAt } from '../../../model/solution-source.ts'

/** What names an item of a section that is not in the table of kinds; a child comes before the attribute. */
const GENERIC_NAME = 'Name|name|SchemaName|schemaname|@Name'

const GENERIC_SUFFIX = '.meta.xml'

/** Sections that are never split: bots, and those named like a folder that is used for something else. */
const NEVER_SPLIT: ReadonlySet<string> = new Set([
  'bots',
  'botcomponents',
  'Other',
  'Controls',
  'PluginAssemblies',
  'OptionSets',
  'ChannelAccess',
])

function mayBeSplit(section: string): boolean {
  return !NEVER_SPLIT.has(section) && !section.includes(':')
}

/** Whether a section of an unknown kind is split when its archive is unpacked: when its first item has a name. */
function isSplit(section: XmlElement): boolean {
  const first = section.elements()[0]
  return mayBeSplit(section.name) && first !== undefined && lookUp(GENERIC_NAME, first) !== undefined
}

/**
 * Splits a section of an unknown kind when its first item has a name: `<Section>/<name>.meta.xml`.
 * @returns whether it was split
 */
export function unpackGeneric(section: XmlElement, archive: Unpacking, root: XmlElement): boolean {
  if (!isSplit(section)) return false
  const declarations = declarationsOf(section, root)
  archive.claim([section.name], section.name)
  for (const item of section.elements()) {
    const name = lookUp(GENERIC_NAME, item)
    if (name === undefined) {
      const rule = `other items of <${section.name}> have a name, so each needs one (element Name or SchemaName)`
      throw SolutionError.at(item, `<${item.name}> has no name; ${rule}`)
    }
    if (archive.single !== undefined) continue
    const path = archive.fileOf(`${section.name}/${name.replaceAll('/', '_')}`, GENERIC_SUFFIX, item)
    archive.writeElement(path, 'unmanaged', item, { declarations })
  }
  return true
}

/** The files of a section that was split. */
function filesOf(section: XmlElement, tree: Packing): readonly string[] {
  if (!mayBeSplit(section.name) || section.elements().length > 0) return []
  return tree.filesIn(section.name).filter((path) => path.endsWith(GENERIC_SUFFIX))
}

/** Fills an empty section of an unknown kind from its folder. Returns whether there was anything. */
export function packGeneric(section: XmlElement, tree: Packing, writer: XmlWriter): boolean {
  const paths = filesOf(section, tree)
  if (paths.length === 0) return false
  writer.start(section.name)
  for (const path of paths) {
    const item = tree.element(path)
    tree.write(writer, item)
  }
  writer.end()
  tree.claim([section.name], section.name)
  return true
}

/** The items of a section of an unknown kind, from its folder or where they stand. */
export function readGeneric(
  section: XmlElement,
  tree: Packing,
  [name = '*', ...way]: readonly string[],
): readonly XmlElement[] {
  const files = filesOf(section, tree)
  return (files.length === 0 ? section.elements() : files.map((path) => tree.element(path)))
    .filter((item) => name === '*' || item.is(name))
    .flatMap((item) => elementsAt(way, item))
}
