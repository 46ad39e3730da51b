import type { ItemsKind, Kind, PathTemplate } from '../../model/kind.ts'
import { KINDS } from '../../model/kinds.ts'
import type { Packing } from './packing.ts'
import { templatePattern } from './path-template.ts'

/** Ends the name of the element of a component beside its content: `x.js.data.xml` tells what `x.js` is. */
const DATA = '.data.xml'

/** The content that an element file lies beside, or undefined where it lies beside none. */
export function contentBeside(elementFile: string): string | undefined {
  return elementFile.endsWith(DATA) ? elementFile.slice(0, -DATA.length) : undefined
}

/** The file with the element of a content, if that has one. */
export function elementBeside(content: string): string {
  return content + DATA
}

/** Whether a file is one of a kind, as far as its path tells. */
export function isElementFile(kind: Kind, path: string): boolean {
  if (kind.layout === 'generic') return false
  const topFolder = path.slice(0, Math.max(path.indexOf('/'), 0))
  if (kind.claims.length > 0 && !kind.claims.includes(topFolder)) return false
  if (kind.layout === 'templates') return path.endsWith('.xml')
  return templatePattern(kind.path).test(path)
}

const DOCUMENTS: Readonly<Record<string, string>> = {
  'Other/Solution.xml': 'solution.xml',
  'Other/Customizations.xml': 'customizations.xml',
}

/** What of an export a file of a tree holds, as far as its path tells: a document, or items of sections. */
export function placesOf(path: string): readonly string[] {
  const document = DOCUMENTS[path]
  if (document !== undefined) return [document]
  return KINDS.flatMap((kind) => {
    const isIndex = kind.layout === 'relationships' && path === kind.index
    return isIndex || isElementFile(kind, path) ? [kind.section] : []
  })
}

/** A file of a tree with what its path says. */
export interface Variant {
  readonly path: string
  readonly isManaged: boolean
  /** The value of the parent's attribute in the path. */
  readonly group: string
}

/**
 * Of files that a template can become, and their managed variants, those that this archive takes.
 * @param folder where the template counts from, with the slash after it; all paths lie in it
 */
export function variantsOf(
  template: PathTemplate,
  paths: readonly string[],
  tree: Packing,
  folder = '',
): Variant[] {
  const pattern = templatePattern(template)
  const chosen = new Map<string, Variant>()
  for (const path of paths) {
    const match = pattern.exec(path.slice(folder.length))
    if (match === null) continue
    tree.look(path)
    const isManaged = match.groups?.['managed'] !== undefined
    if (isManaged && !tree.managed) continue
    const plain = isManaged ? path.replace(/_managed(\.[^/]*)$/, '$1') : path
    const group = match.groups?.['parent'] ?? ''
    if (isManaged || !chosen.has(plain)) chosen.set(plain, { path, isManaged, group })
  }
  return [...chosen.values()]
}

/** The element files of a kind. Where a folder is for them alone, every file in it counts as one. */
export function elementFilesOf(kind: ItemsKind, tree: Packing): readonly string[] {
  const inFolders = kind.claims.flatMap((folder) => tree.under(folder))
  const found = variantsOf(kind.path, inFolders, tree).map(({ path }) => path)
  if (kind.folder !== undefined) return found.length === 0 ? [] : tree.filesIn(kind.folder)
  // A web resource may itself be called x.data.xml; its element is then in x.data.xml.data.xml.
  const all = new Set(found)
  return found.filter((path) => !all.has(elementBeside(path)))
}
