import { XmlError } from '../../xml/index.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

export function* wellFormed(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.xmlFiles) {
    const parsed = source.parse(file)
    if (parsed instanceof XmlError) yield { file, message: parsed.message, ...parsed.position }
  }
}
