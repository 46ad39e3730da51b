import { COMPONENTS } from '../../model/components.ts'
import { KINDS } from '../../model/kinds.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** The index names relationships that no file of a table defines. */
export function* relationshipsNotDefined(source: SourceUnderCheck): Iterable<Problem> {
  for (const kind of KINDS) {
    if (kind.layout !== 'relationships') continue
    const defined = source.defined(COMPONENTS.relationship)
    const names = new Set<string | undefined>(defined?.map(({ name }) => name))
    const folder = kind.path.slice(0, kind.path.indexOf('{'))
    for (const entry of source.document(kind.index)?.root.elements(kind.item) ?? []) {
      const name = entry.attribute('Name')
      if (defined !== undefined && !names.has(name)) {
        yield problemAt(
          entry,
          `The relationship ${name} is listed, and no file in ${folder} defines it. Restore its definition, or remove the line.`,
        )
      }
    }
  }
}
