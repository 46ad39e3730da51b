import { parseVersion, VersionError } from '../../version.ts'
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

export function* version(source: SourceUnderCheck): Iterable<Problem> {
  const element = source.document(file)?.root.element('SolutionManifest')?.element('Version')
  try {
    parseVersion(source.manifest.version)
  } catch (error) {
    if (!(error instanceof VersionError)) throw error
    yield element ? problemAt(element, error.message) : { file, message: error.message }
  }
}
