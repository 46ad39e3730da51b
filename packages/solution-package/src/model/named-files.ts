import { SolutionError } from '../solution-error.ts'
import type { XmlElement } from '../xml/index.ts'
import { decodePartName, type PackageParts } from '../opc/index.ts'
import type { FileRule, ReportsKind } from './kind.ts'
import { lookUp } from './lookup.ts'

/** A file that the definition of a component names. */
export interface NamedFile {
  /** As the definition states it, without a slash before it. It is a part of a URI: it may be escaped or not. */
  readonly name: string
  /** What names it. */
  readonly at: XmlElement
  readonly place: FilePlace
}

/** What says where a named file lies in a source. */
type FilePlace =
  | { readonly by: 'rule'; readonly rule: FileRule; readonly item: XmlElement }
  | { readonly by: 'manifest'; readonly manifest: NamedFile; readonly path: string }
  | { readonly by: 'folder'; readonly path: string }

/**
 * Reads the file that a definition names and that names files itself; undefined when it is not there.
 * @throws XmlError when it is not well-formed
 */
export type OpenNamed = (file: NamedFile) => XmlElement | undefined

/** The files that a definition names, by the rules of its kind. */
export function filesNamedBy(
  rules: readonly FileRule[] = [],
  item: XmlElement,
  open: OpenNamed = () => undefined,
): NamedFile[] {
  return rules.flatMap((rule) => {
    const files = namesOf(rule, item).map(({ value, at }): NamedFile => {
      return { name: partName(value), at, place: { by: 'rule', rule, item } }
    })
    return rule.rule === 'named' ? files : files.flatMap((file) => [file, ...inManifest(file, open(file))])
  })
}

/** The files that a report names; a link has none. */
export function filesOfReport(kind: ReportsKind, report: XmlElement): NamedFile[] {
  const isLink = report.element(kind.type)?.text.trim() === kind.linkType
  return isLink ? [] : filesNamedBy(kind.files, report)
}

/** The rule that a file was found by; one that a control manifest or a component's folder names has none. */
export function ruleOf({ place }: NamedFile): FileRule | undefined {
  return place.by === 'rule' ? place.rule : undefined
}

/** The name of a part as elements write it, without the slash before it. */
function partName(name: string): string {
  return name.replace(/^\/+/, '')
}

/** What a rule finds in an item, with the element that says it. */
function namesOf({ named, prefix = '', until }: FileRule, item: XmlElement) {
  return elementsOf(named, item).flatMap((at) => {
    const stated = at === item ? (lookUp(named, item) ?? '') : at.text
    const end = until === undefined ? -1 : stated.lastIndexOf(until)
    const value = end < 0 ? stated : stated.slice(0, end)
    return value === '' || !value.startsWith(prefix) ? [] : [{ value, at }]
  })
}

function elementsOf(named: FileRule['named'], item: XmlElement): XmlElement[] {
  if (named === '*') return item.elements()
  return named.startsWith('//') ? item.descendants(named.slice(2)) : [item]
}

/** The files that the manifest of a code component names; their paths count from its folder. */
function inManifest(manifest: NamedFile, root: XmlElement | undefined): NamedFile[] {
  const resources = root?.descendants('resources') ?? []
  return resources.flatMap((element) =>
    element.descendants().flatMap((at) => {
      const stated = at.attribute('path')?.replaceAll('\\', '/') ?? ''
      if (stated === '') return []
      return [
        { name: folderOf(manifest.name) + stated, at, place: { by: 'manifest', manifest, path: stated } },
      ]
    }),
  )
}

/** The folder of a path, with the slash after it; empty for a file at the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The part of an archive that a definition names, whether it escapes the name or not. */
export function findNamed(parts: PackageParts, name: string): string | undefined {
  const plain = partName(name)
  return parts.find(plain) ?? (plain.includes('%') ? parts.find(decodePartName(plain)) : undefined)
}

/**
 * Checks the manifest of a code component: its control is known by namespace and constructor.
 * @throws SolutionError at the control
 */
export function checkControlManifest(root: XmlElement): void {
  for (const control of root.elements('control')) {
    for (const name of ['namespace', 'constructor']) {
      if (control.attribute(name) === undefined)
        throw SolutionError.at(control, `<control> has no attribute ${name}`)
    }
  }
}
