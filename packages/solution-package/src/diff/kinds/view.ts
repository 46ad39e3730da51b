import type { XmlElement } from '../../xml/index.ts'
import { valueFact, type Fact } from '../facts/fact.ts'
import { ELSEWHERE, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'

const VIEW_RULES: XmlRules = {
  savedqueryid: ELSEWHERE,
  fetchxml: ELSEWHERE,
  layoutxml: ELSEWHERE,
  LocalizedNames: 'Name',
  isdefault: { label: 'Default view', values: { '0': 'No', '1': 'Yes' }, silent: ['0'] },
  isquickfindquery: { label: 'Quick find', values: { '0': 'No', '1': 'Yes' }, silent: ['0'] },
  isprivate: { label: 'Private', silent: ['0'] },
  CanBeDeleted: { label: 'Can be deleted', silent: 'any' },
  querytype: {
    label: 'Type of view',
    values: {
      '0': 'Public view',
      '1': 'Advanced find view',
      '2': 'Associated view',
      '4': 'Quick find view',
      '64': 'Lookup view',
    },
  },
  statecode: { label: 'Status', values: { '0': 'Active', '1': 'Inactive' }, silent: ['0'] },
  statuscode: { label: 'Status reason', silent: ['1', '-1'] },
}

/** What a view shows, by which order, of which rows. */
export function viewFacts(view: XmlElement, language: string): Fact[] {
  const cells = view.elements('layoutxml').flatMap((layout) => layout.descendants('cell'))
  const shown = new Set(cells.map((cell) => cell.attribute('name')?.toLowerCase() ?? ''))
  return [
    ...xmlFacts(view, { rules: VIEW_RULES, language }),
    {
      key: 'columns',
      label: 'Columns',
      path: 'layoutxml/grid/row',
      order: 'Order of columns',
      facts: cells.map(columnFact),
    },
    ...view
      .elements('layoutxml')
      .flatMap((layout) => xmlFacts(layout, { rules: LAYOUT_RULES, language }, 'layoutxml')),
    ...view.elements('fetchxml').flatMap((query) => queryFacts(query, shown)),
  ]
}

const LAYOUT_RULES: XmlRules = {
  grid: 'Grid',
  'grid/row': 'Row',
  'grid/@object': { label: 'Number of the table', quiet: 'server stamp' },
  'grid/row/cell': ELSEWHERE,
  'grid/controlDescriptions/controlDescription': { part: 'Component on', by: ['@forControl'] },
  'grid/controlDescriptions/controlDescription/customControl': { part: 'Component', by: ['@formFactor'] },
}

function columnFact(cell: XmlElement): Fact {
  const name = cell.attribute('name') ?? ''
  const path = `layoutxml/grid/row/cell[${name.toLowerCase()}]`
  return {
    key: name.toLowerCase(),
    label: `Column ${name}`,
    path,
    shown: name,
    isPart: true,
    facts: xmlFacts(cell, { rules: { '@name': ELSEWHERE, '@width': 'Width' }, language: '' }, path),
  }
}

/** A query in FetchXML. Columns that the layout shows are not told twice. */
function queryFacts(query: XmlElement, shown: ReadonlySet<string> = new Set()): Fact[] {
  return query
    .elements('fetch')
    .flatMap((fetch) => [
      ...xmlFacts(fetch, { rules: FETCH_RULES, language: '' }, 'fetchxml/fetch'),
      ...fetch.elements('entity').flatMap((entity) => entityFacts(entity, 'fetchxml/fetch/entity', shown)),
    ])
}

const FETCH_RULES: XmlRules = {
  entity: ELSEWHERE,
  '@version': { label: 'Version of the query', silent: 'any' },
  '@output-format': { label: 'Format of the answer', silent: 'any' },
  '@mapping': { label: 'Mapping', silent: 'any' },
}

const ENTITY_RULES: XmlRules = {
  '@name': 'Table',
  attribute: ELSEWHERE,
  order: ELSEWHERE,
  filter: ELSEWHERE,
  'link-entity': ELSEWHERE,
}

function entityFacts(
  entity: XmlElement,
  path: string,
  shown: ReadonlySet<string>,
  rules: XmlRules = ENTITY_RULES,
): Fact[] {
  const alias = entity.attribute('alias')
  const isShown = (name: string): boolean =>
    shown.has(name.toLowerCase()) || (alias !== undefined && shown.has(`${alias}.${name}`.toLowerCase()))
  const columns = entity.elements('attribute').flatMap((attribute) => {
    const name = attribute.attribute('name') ?? ''
    const rest = attribute.attributes.filter(({ name: other }) => other !== 'name')
    if (isShown(name) && rest.length === 0) return []
    const own = `${path}/attribute[${name}]`
    return [
      {
        key: `attribute ${name.toLowerCase()} ${attribute.attribute('alias') ?? ''}`,
        label: `Column in the query ${name}`,
        path: own,
        shown: name,
        isPart: true,
        facts: xmlFacts(attribute, { rules: { '@name': ELSEWHERE }, language: '' }, own),
      },
    ]
  })
  return [
    ...xmlFacts(entity, { rules, language: '' }, path),
    ...columns,
    valueFact('order', 'Sort by', `${path}/order`, entity.elements('order').map(orderText).join(', ')),
    filterFact(entity, path),
    ...entity.elements('link-entity').map((link) => linkFact(link, path, shown)),
  ]
}

function orderText(order: XmlElement): string {
  const alias = order.attribute('entityname') ?? order.attribute('alias')
  const name = order.attribute('attribute') ?? order.attribute('alias') ?? ''
  const arrow = order.attribute('descending')?.toLowerCase() === 'true' ? '↓' : '↑'
  return `${alias === undefined || alias === name ? '' : `${alias}.`}${name} ${arrow}`
}

/** All filters of a table as one expression; the order of what is joined means nothing. */
function filterFact(entity: XmlElement, path: string): Fact {
  const filters = entity.elements('filter')
  return {
    key: 'filter',
    label: 'Filter by',
    path: `${path}/filter`,
    raw: filters
      .map((filter) => `${filter.attribute('type') ?? 'and'} ${expression(filter, true)}`)
      .toSorted()
      .join(' and '),
    shown: filters.map((filter) => expression(filter, false)).join(' and '),
  }
}

/** @param exact for comparing: sorted, with ids and all attributes */
function expression(filter: XmlElement, exact: boolean): string {
  const joint = filter.attribute('type')?.toLowerCase() === 'or' ? ' or ' : ' and '
  const parts = filter.elements().flatMap((child) => {
    if (child.name === 'condition') return [condition(child, exact)]
    if (child.name === 'filter')
      return [`(${exact ? `${child.attribute('type') ?? 'and'} ` : ''}${expression(child, exact)})`]
    return [child.source]
  })
  const rest = exact
    ? filter.attributes.filter(({ name }) => name !== 'type').map(({ name, value }) => `${name}=${value}`)
    : []
  // What joins a single condition shows nowhere else.
  const single = !exact && parts.length === 1 && joint === ' or ' ? ' (or)' : ''
  return [...(exact ? parts.toSorted() : parts), ...rest].join(joint) + single
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '≠',
  gt: '>',
  ge: '≥',
  lt: '<',
  le: '≤',
  null: 'is empty',
  'not-null': 'is not empty',
  'eq-userid': 'is the current user',
}

function condition(element: XmlElement, exact: boolean): string {
  const operator = element.attribute('operator') ?? ''
  const values = element.elements('value').map(({ text }) => text.trim())
  const own = element.attribute('value')
  const all = own === undefined ? values : [own, ...values]
  const column = [element.attribute('entityname'), element.attribute('attribute')].filter(Boolean).join('.')
  const named = all.map((value, at) => {
    const label = element.attribute('uiname') ?? element.elements('value')[at]?.attribute('uiname')
    return exact || label === undefined || label === '' ? value : label
  })
  const others = exact
    ? element.attributes
        .filter(
          ({ name }) =>
            !['attribute', 'operator', 'value', 'entityname', 'uiname', 'uitype', 'uihidden'].includes(name),
        )
        .map(({ name, value }) => `${name}=${value}`)
        .toSorted()
    : []
  return [column, exact ? operator : (OPERATORS[operator] ?? operator), named.join(', '), ...others]
    .filter(Boolean)
    .join(' ')
}

const LINK_RULES: XmlRules = {
  ...ENTITY_RULES,
  '@name': 'Table',
  '@from': 'Its column',
  '@to': 'Column',
  '@link-type': 'Type of link',
  '@alias': 'Alias',
  '@visible': { label: 'Visible', silent: 'any' },
}

function linkFact(link: XmlElement, path: string, shown: ReadonlySet<string>): Fact {
  const name = link.attribute('name') ?? ''
  const key =
    link.attribute('alias') ?? `${name} ${link.attribute('from') ?? ''} ${link.attribute('to') ?? ''}`
  const own = `${path}/link-entity[${key}]`
  return {
    key: `link ${key.toLowerCase()}`,
    label: `Related table ${name}`,
    path: own,
    shown: name,
    isPart: true,
    // An alias may be made anew; what is linked by which columns stays.
    alias: `${name} ${link.attribute('from') ?? ''} ${link.attribute('to') ?? ''}`.toLowerCase(),
    facts: entityFacts(link, own, shown, LINK_RULES),
  }
}

/** A chart; what it counts is a query like that of a view. */
export function chartFacts(chart: XmlElement, language: string): Fact[] {
  const queries = chart
    .elements('datadescription')
    .flatMap((data) => data.descendants('fetchcollection'))
    .flatMap((collection) => queryFacts(collection))
  return [...xmlFacts(chart, { rules: CHART_RULES, language }), ...queries]
}

const CHART_RULES: XmlRules = {
  'datadescription/datadefinition/fetchcollection': ELSEWHERE,
  savedqueryvisualizationid: ELSEWHERE,
  LocalizedNames: 'Name',
  name: { label: 'Name', quiet: 'derived' },
  datadescription: 'Data',
  presentationdescription: 'Presentation',
  isdefault: { label: 'Default chart', values: { false: 'No', true: 'Yes' }, silent: ['false', '0'] },
}
