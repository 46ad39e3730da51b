import type { Change, ChangeType, Relation } from '@dsa/solution-package/diff'
import { isOwnership } from './ownership.ts'
import { folded, inDiagram } from './text.ts'
import type { ComparedSolution } from './diff-report.ts'

/** More tables than a reader oversees in a picture. */
const MOST_TABLES = 20
const MOST_RELATIONS = 40

const MARKS: Readonly<Record<ChangeType, string>> = { added: '+ ', changed: '', removed: '− ' }

/** A relationship as the picture has it. */
interface Line extends Relation {
  readonly mark: string
}

/**
 * The tables that changed with the relationships between them, as a diagram of Mermaid. Nothing where it would not
 * help: without a relationship, or with too many tables.
 */
export function relationDiagram({ changes, relations }: ComparedSolution): string {
  const lines: Line[] = [
    ...changes.flatMap(({ relation, change }) =>
      relation === undefined || isOwnership(relation) ? [] : [{ ...relation, mark: MARKS[change] }],
    ),
    ...relations.filter((relation) => !isOwnership(relation)).map((relation) => ({ ...relation, mark: '' })),
  ]
  const tables = new Map(
    lines.flatMap(({ from, to }) => [from, to].map(({ id, name }) => [id, name] as const)),
  )
  if (lines.length === 0 || lines.length > MOST_RELATIONS || tables.size < 2 || tables.size > MOST_TABLES)
    return ''
  const marks = new Map(changes.filter(({ kind }) => kind === 'table').map(tableMark))
  const ids = [...tables.keys()]
  const boxes = [...tables].map(([id, name], at) => `  t${at}["${marks.get(id) ?? ''}${inDiagram(name)}"]`)
  const arrows = lines.map(
    ({ type, from, to, lookup = '', mark }) =>
      `  t${ids.indexOf(from.id)} ${type === 'many-to-many' ? '}o--o{' : '||--o{'} t${ids.indexOf(to.id)} : "${`${mark}${inDiagram(lookup)}` || ' '}"`,
  )
  const picture = `\`\`\`mermaid\nerDiagram\n${[...boxes, ...arrows].join('\n')}\n\`\`\`\n\n`
  return folded('Tables and their relationships', picture)
}

function tableMark({ id, change }: Change): readonly [id: string, mark: string] {
  return [id, MARKS[change]]
}
