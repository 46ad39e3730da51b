import { SolutionError } from '../solution-error.ts'
import type { XmlElement } from '../xml/index.ts'
import { decodePartName, type PackageParts } from '../opc/index.ts'
import type { FileRule } from './kind.ts'
import { fillTemplate, lookUp, partName } from './path-template.ts'

/** A file that the definition of a component names. */
export interface NamedFile {
  /** As the definition states it, without a slash before it. It is a part of a URI: it may be escaped or not. */
  readonly name: string
  /** Where the file lies in a tree. */
  readonly path: string
  /** What names it. */
  readonly at: XmlElement
  /** How it was found; a file that a control manifest names has no rule of its own. */
  readonly rule?: FileRule
}

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
      const name = partName(value)
      return { name, path: fillTemplate(rule.path, { element: item, value: name }), at, rule }
    })
    return rule.rule === 'named' ? files : files.flatMap((file) => [file, ...inManifest(file, open(file))])
  })
}

/** What a rule finds in an item, with the element that says it. */
function namesOf({ named, prefix = '', until }: FileRule, item: XmlElement) {
  return elementsOf(named, item).flatMap((at) => {
    const stated = at === item ? (lookUp(named, item) ?? '') : at.text
    const end = until === undefined ? -1 : stated.indexOf(until)
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
      return [{ name: folderOf(manifest.name) + stated, path: folderOf(manifest.path) + stated, at }]
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
