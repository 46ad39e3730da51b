import { KINDS } from '../../model/kinds.ts'
import type { XmlElement } from '../../xml/index.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** The index names relationships that no file of a table defines. */
export function* relationshipsNotDefined(source: SourceUnderCheck): Iterable<Problem> {
  for (const kind of KINDS) {
    if (kind.layout !== 'relationships') continue
    const folder = kind.path.slice(0, kind.path.indexOf('{'))
    const itemsIn = (path: string): readonly XmlElement[] =>
      source.document(path)?.root.elements(kind.item) ?? []
    const defined = new Set(
      source.paths
        .filter((path) => path.startsWith(folder))
        .flatMap((path) => itemsIn(path).map((item) => item.attribute('Name'))),
    )
    for (const entry of itemsIn(kind.index)) {
      const name = entry.attribute('Name')
      if (!defined.has(name)) {
        yield problemAt(
          entry,
          `The relationship ${name} is listed, and no file in ${folder} defines it. Restore its definition, or remove the line.`,
        )
      }
    }
  }
}
