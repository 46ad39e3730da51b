import { parseVersion, VersionError } from '../../version.ts'
import type { XmlElement } from '../../xml/index.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const file = 'Other/Solution.xml'

export function* publisher(source: SourceUnderCheck): Iterable<Problem> {
  const manifest = source.document(file)?.root.element('SolutionManifest')
  if (!manifest || source.manifest.publisher.uniqueName !== '') return
  yield problemAt(
    manifest,
    'The solution has no publisher with a UniqueName, and no environment would take it.',
  )
}

/** What taking both sides of a merge leaves behind: each of these stands in solution.xml once. */
export function* elementsTwice(source: SourceUnderCheck): Iterable<Problem> {
  const root = source.document(file)?.root
  const manifests = root?.elements('SolutionManifest') ?? []
  const publishers = manifests.flatMap((manifest) => manifest.elements('Publisher'))
  for (const parent of root === undefined ? [] : [root, ...manifests, ...publishers]) yield* twiceIn(parent)
}

/** The same in the list of sections; what the second one holds would not be read. */
export function* sectionsTwice(source: SourceUnderCheck): Iterable<Problem> {
  const root = source.document('Other/Customizations.xml')?.root
  if (root !== undefined) yield* twiceIn(root)
}

function* twiceIn(parent: XmlElement): Iterable<Problem> {
  const seen = new Map<string, XmlElement>()
  for (const element of parent.elements()) {
    const first = seen.get(element.name)
    if (first === undefined) seen.set(element.name, element)
    else {
      yield problemAt(
        element,
        `<${element.name}> stands twice in <${parent.name}>, in line ${first.position.line} as well. Decide which one counts, and remove the other.`,
      )
    }
  }
}

export function* version(source: SourceUnderCheck): Iterable<Problem> {
  const element = source.document(file)?.root.element('SolutionManifest')?.element('Version')
  try {
    parseVersion(source.manifest.version)
  } catch (error) {
    if (!(error instanceof VersionError)) throw error
    yield element ? problemAt(element, error.message) : { file, message: error.message }
  }
}
