import { COMPONENTS } from '../../model/components.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** A flow whose connection reference no solution declares stays off after the import. */
export function* connectionReferences(source: SourceUnderCheck): Iterable<Problem> {
  const flows = source.paths.filter((path) => /^Workflows\/.*\.json$/i.test(path))
  if (flows.length === 0) return
  const defined = source.defined(COMPONENTS.connectionReference)
  if (defined === undefined) return
  const declared = new Set<string | undefined>(defined.map(({ name }) => name.toLowerCase()))
  for (const { required } of source.manifest.missingDependencies) {
    declared.add(required.attributes['schemaName']?.toLowerCase())
  }
  for (const file of flows) {
    const text = source.text(file)
    const reported = new Set<string>()
    for (const match of text.matchAll(/"connectionReferenceLogicalName"\s*:\s*"([^"]+)"/g)) {
      const name = match[1] ?? ''
      if (declared.has(name.toLowerCase()) || reported.has(name)) continue
      reported.add(name)
      const line = text.slice(0, match.index).split('\n').length
      yield {
        file,
        line,
        message: `The flow uses the connection reference ${name}, which the solution does not contain. Add it to the solution, or the flow stays off where it is missing.`,
      }
    }
  }
}
