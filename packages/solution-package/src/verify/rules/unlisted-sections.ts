import { KINDS } from '../../model/kinds.ts'
import { isElementFile } from '../../sources/xml/element-files.ts'
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
    const file = source.paths.find((path) => isElementFile(kind, path))
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

function advice(section: string, file: string): string {
  const folder = file.slice(0, file.indexOf('/'))
  return `${customizationsPath} does not list the section ${section}, so the files in ${folder}/ would do nothing. Add <${section} /> to it.`
}
