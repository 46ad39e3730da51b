import { findPart } from '../manifest.ts'
import { parseXml, type XmlElement } from '../xml/index.ts'
import type { PackageParts } from '../opc/index.ts'
import { readComponentFolders } from './component-folders.ts'
import type { Kind } from './kind.ts'
import { layoutOf } from './kind-of.ts'
import { filesNamedBy, filesOfReport, findNamed, folderOf, type NamedFile, ruleOf } from './named-files.ts'
import { VALUES_OF_ALL } from './variable-values.ts'

/** A file that a definition in an archive names. */
export interface ArchiveFile {
  /** As the definition states it, without a slash before it. */
  readonly name: string
  /** The path of the part; undefined when the archive does not hold it. */
  readonly part: string | undefined
  /** What names it: a part of the archive, the line in it, and the element. */
  readonly by: { readonly part: string; readonly line: number; readonly element: string }
}

/**
 * Every file that a component of a solution archive names, be it there or not: what the sections of customizations.xml
 * name, the manifests of code components, and the definitions in folders of their own (agents, Power Pages, plug-in
 * packages). Dataverse refuses an archive that lacks one of them.
 * @throws SolutionError without customizations.xml, XmlError when it or a control manifest is not well-formed
 */
export function namedFiles(archive: PackageParts): readonly ArchiveFile[] {
  return readFiles(archive).named
}

/**
 * Paths of the parts that no component of a solution archive accounts for, in the order of the archive. Dataverse
 * refuses the whole archive for one of them ("Unprocessed files found").
 * @throws SolutionError without customizations.xml, XmlError when it or a control manifest is not well-formed
 */
export function unclaimedFiles(archive: PackageParts): readonly string[] {
  return readFiles(archive).unclaimed
}

/** Files at the root that have a meaning by their name; `filteredcomponents.xml` came with managed exports of old. */
const AT_ROOT: ReadonlySet<string> = new Set([
  'customizations.xml',
  VALUES_OF_ALL,
  'filteredcomponents.xml',
  'solution.xml',
])

function readFiles(archive: PackageParts): {
  readonly named: readonly ArchiveFile[]
  readonly unclaimed: readonly string[]
} {
  const customizations = findPart(archive, 'customizations.xml')
  const { root } = parseXml(archive.read(customizations), customizations)
  const found: NamedFile[] = []
  const claimed = new Set<string>()
  const controls: string[] = []
  for (const section of root.elements()) {
    const kind = section.is(section.name) ? layoutOf(section.name) : undefined
    if (kind === undefined || section.elements().length === 0) continue
    for (const folder of kind.claims) claimed.add(folder.toLowerCase())
    for (const file of namedInSection(kind, section, archive)) {
      found.push(file)
      if (ruleOf(file)?.rule === 'control-manifest') controls.push(folderOf(file.name).toLowerCase())
    }
  }
  const loose = archive.parts.filter(
    ({ topFolder }) => topFolder !== '' && !claimed.has(topFolder.toLowerCase()),
  )
  const components = readComponentFolders({
    paths: loose.map(({ path }) => path),
    read: (path) => archive.read(path),
    label: (path) => path,
  })
  const named = [
    ...found.map((file) => archiveFile(file, findNamed(archive, file.name))),
    ...components.named.map((file) => archiveFile(file, archive.find(file.path))),
  ]
  const parts = new Set(named.map(({ part }) => part))
  const isClaimed = (path: string, topFolder: string): boolean =>
    parts.has(path) ||
    (topFolder === '' && AT_ROOT.has(path.toLowerCase())) ||
    controls.some((folder) => path.toLowerCase().startsWith(folder)) ||
    components.has(path)
  const unclaimed = archive.parts.filter(({ path, topFolder }) => !isClaimed(path, topFolder))
  return { named, unclaimed: unclaimed.map(({ path }) => path) }
}

function namedInSection(kind: Kind, section: XmlElement, archive: PackageParts): NamedFile[] {
  if (kind.layout === 'reports')
    return section.elements(kind.item).flatMap((report) => filesOfReport(kind, report))
  if (kind.layout !== 'items') return []
  return section.elements(kind.item).flatMap((item) =>
    filesNamedBy(kind.files, item, ({ name }) => {
      const part = findNamed(archive, name)
      return part === undefined ? undefined : parseXml(archive.read(part), part).root
    }),
  )
}

function archiveFile({ name, at }: NamedFile, part: string | undefined): ArchiveFile {
  return { name, part, by: { part: at.file, line: at.position.line, element: at.name } }
}
