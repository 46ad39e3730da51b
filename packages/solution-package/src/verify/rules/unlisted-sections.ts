import type { Kind } from '../../model/kind.ts'
import { KINDS } from '../../model/kinds.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const customizationsPath = 'Other/Customizations.xml'

/** SolutionPackager packs files of a section that Customizations.xml does not list as loose files, to no use. */
export function* unlistedSections(source: SourceUnderCheck): Iterable<Problem> {
  const root = source.document(customizationsPath)?.root
  if (!root) return
  const listed = new Set(root.elements().map(({ name }) => name))
  for (const kind of KINDS) {
    if (listed.has(kind.section)) continue
    const isOne = filesOf(kind)
    const file = source.paths.find((path) => isOne(path))
    if (file !== undefined) yield { file, message: advice(kind.section, file) }
  }
  const known = new Set(KINDS.flatMap(({ claims }) => claims))
  const folders = new Set(source.paths.flatMap((path) => /^([^/]+)\/[^/]+\.meta\.xml$/.exec(path)?.[1] ?? []))
  for (const folder of folders) {
    const file = source.paths.find((path) => path.startsWith(`${folder}/`))
    if (!listed.has(folder) && !known.has(folder) && file !== undefined)
      yield { file, message: advice(folder, file) }
  }
}

/** Whether a path is a component file of a kind, as far as its name tells. */
function filesOf(kind: Kind): (path: string) => boolean {
  if (!('path' in kind)) return () => false
  const fixed = kind.path.slice(0, Math.max(0, kind.path.indexOf('{')))
  if (!kind.path.includes('{') && kind.layout === 'whole') return (path) => path === kind.path
  const folder = fixed === '' ? `${kind.claims[0]}/` : fixed
  const extension = kind.path.endsWith('.data.xml')
    ? '.data.xml'
    : kind.path.endsWith('.meta.xml')
      ? '.meta.xml'
      : '.xml'
  return (path) => path.startsWith(folder) && path.endsWith(extension)
}

function advice(section: string, file: string): string {
  const folder = file.slice(0, file.indexOf('/'))
  return `${customizationsPath} does not list the section ${section}, so the files in ${folder}/ would do nothing. Add <${section} /> to it.`
}
