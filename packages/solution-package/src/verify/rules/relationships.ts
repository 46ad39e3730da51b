import { COMPONENTS } from '../../model/components.ts'
import { KINDS } from '../../model/kinds.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { XmlElement } from '../../xml/index.ts'
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

/**
 * The lookup column of a relationship is not among the columns of its table. Only a table that is here as a whole can
 * tell: of others, exports have relationships and not the columns. Silent over 15,000 relationships of genuine exports.
 */
export function* relationshipsWithoutColumn(source: SourceUnderCheck): Iterable<Problem> {
  const columns = columnsOfWholeTables(source)
  for (const { element, name } of source.defined(COMPONENTS.relationship) ?? []) {
    const { table, column } = lookupOf(element)
    if (column === '' || columns.get(table)?.has(column) !== false) continue
    yield problemAt(
      element,
      `The relationship '${name}' is that of the column '${column}', and the table '${table}' has no such column. Restore the column, or remove the relationship as well.`,
    )
  }
}

/**
 * A lookup column of a maker that no relationship has. Microsoft's page about SolutionPackager's YAML format has the
 * words of the import: "Attributes are missing associated relationship definitions".
 */
export function* lookupsWithoutRelationship(source: SourceUnderCheck): Iterable<Problem> {
  const relationships = source.defined(COMPONENTS.relationship)
  if (relationships === undefined) return
  const related = new Set(
    relationships.map(({ element }) => {
      const { table, column } = lookupOf(element)
      return `${table}.${column}`
    }),
  )
  for (const { table, column, element } of columnsOf(source)) {
    const isLookup = LOOKUPS.has(lower(element, 'Type')) && lower(element, 'IsCustomField') === '1'
    if (!isLookup || related.has(`${table}.${column}`)) continue
    yield problemAt(
      element,
      `The column '${column}' of the table '${table}' is a lookup, and no relationship has it. Restore the relationship, or remove the column as well.`,
    )
  }
}

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'customer'])
const WHOLE = '0'

function* columnsOf(source: SourceUnderCheck) {
  for (const { row, name, element, parent } of source.defined(COMPONENTS.table) ?? []) {
    if (row.platformName !== COMPONENTS.column.platformName || parent === undefined) continue
    yield { table: parent.name.toLowerCase(), column: name.toLowerCase(), element }
  }
}

/** The columns of the tables that the solution has with all their parts, which a primary key tells as well. */
function columnsOfWholeTables(source: SourceUnderCheck): ReadonlyMap<string, ReadonlySet<string>> {
  const whole = new Set(
    source.manifest.rootComponents
      .filter(({ type, behavior }) => type === String(COMPONENTS.table.type) && behavior === WHOLE)
      .map(({ schemaName = '' }) => schemaName.toLowerCase()),
  )
  const columns = new Map<string, Set<string>>()
  const keyed = new Set<string>()
  for (const { table, column, element } of columnsOf(source)) {
    if (!whole.has(table)) continue
    const known = columns.get(table) ?? new Set<string>()
    columns.set(table, known.add(column))
    if (lower(element, 'Type') === 'primarykey') keyed.add(table)
  }
  return new Map([...columns].filter(([table]) => keyed.has(table)))
}

/** The lookup of a relationship, in lower case; many-to-many has none. */
function lookupOf(relationship: XmlElement): { readonly table: string; readonly column: string } {
  return {
    table: lower(relationship, 'ReferencingEntityName'),
    column: lower(relationship, 'ReferencingAttributeName'),
  }
}

function lower(element: XmlElement, child: string): string {
  return (element.element(child)?.text ?? '').trim().toLowerCase()
}
