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
    ...view.elements('fetchxml').flatMap(queryFacts),
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

/** A query in FetchXML. */
function queryFacts(query: XmlElement): Fact[] {
  return query
    .elements('fetch')
    .flatMap((fetch) => [
      ...xmlFacts(fetch, { rules: FETCH_RULES, language: '' }, 'fetchxml/fetch'),
      ...fetch.elements('entity').flatMap((entity) => entityFacts(entity, 'fetchxml/fetch/entity')),
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
  'all-attributes': { label: 'All columns in the query', isFlag: true },
  attribute: ELSEWHERE,
  order: ELSEWHERE,
  filter: ELSEWHERE,
  'link-entity': ELSEWHERE,
}

function entityFacts(entity: XmlElement, path: string, rules: XmlRules = ENTITY_RULES): Fact[] {
  return [
    ...xmlFacts(entity, { rules, language: '' }, path),
    ...entity.elements('attribute').map((attribute) => attributeFact(attribute, entity, path)),
    orderFact(entity, path),
    filterFact(entity, path),
    findColumnsFact(entity, path),
    ...entity.elements('link-entity').map((link) => linkFact(link, path)),
  ]
}

/** A column that a query asks for: told where the layout does not tell the same, by the name that it has there. */
function attributeFact(attribute: XmlElement, entity: XmlElement, path: string): Fact {
  const name = attribute.attribute('name') ?? ''
  const own = `${path}/attribute[${name}]`
  const alias = entity.attribute('alias')
  return {
    key: `attribute ${name.toLowerCase()} ${attribute.attribute('alias') ?? ''}`,
    label: `Column in the query ${name}`,
    path: own,
    shown: alias === undefined ? name : `${alias}.${name}`,
    isPart: true,
    echo: true,
    facts: xmlFacts(attribute, { rules: { '@name': ELSEWHERE }, language: '' }, own),
  }
}

function orderFact(entity: XmlElement, path: string): Fact {
  const orders = entity.elements('order')
  const exact = orders.map((order) => [orderText(order), ...others(order, ORDER_ATTRIBUTES)].join(' '))
  const shown = orders.map(orderText).join(', ')
  return valueFact('order', 'Sort by', `${path}/order`, exact.join(', '), { shown })
}

const ORDER_ATTRIBUTES = ['attribute', 'alias', 'entityname', 'descending']

/** Attributes that no words stand for. */
function others(element: XmlElement, known: readonly string[]): string[] {
  return element.attributes
    .filter(({ name }) => !known.includes(name))
    .map(({ name, value }) => `${name}=${value}`)
    .toSorted()
}

function orderText(order: XmlElement): string {
  const alias = order.attribute('entityname') ?? order.attribute('alias')
  const name = order.attribute('attribute') ?? order.attribute('alias') ?? ''
  const arrow = order.attribute('descending')?.toLowerCase() === 'true' ? '↓' : '↑'
  return `${alias === undefined || alias === name ? '' : `${alias}.`}${name} ${arrow}`
}

/** All filters of a table as one expression; the order of what is joined means nothing. */
function filterFact(entity: XmlElement, path: string): Fact {
  const filters = entity.elements('filter').filter((filter) => !isFindFilter(filter))
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

/** What a quick search looks at: a filter that compares each column with what a person types. */
function isFindFilter(filter: XmlElement): boolean {
  return ['1', 'true'].includes(filter.attribute('isquickfindfields')?.toLowerCase() ?? '')
}

function findColumnsFact(entity: XmlElement, path: string): Fact {
  const filters = [
    ...entity.elements('filter'),
    ...entity.elements('filter').flatMap((filter) => filter.descendants('filter')),
  ].filter(isFindFilter)
  const columns = filters.flatMap((filter) => filter.descendants('condition').map(columnOf))
  return {
    key: 'find',
    label: 'Find columns',
    path: `${path}/filter`,
    raw: filters
      .map((filter) => expression(filter, true))
      .toSorted()
      .join(' and '),
    shown: columns.join(', '),
  }
}

/** @param exact for comparing: sorted, with ids and all attributes */
function expression(filter: XmlElement, exact: boolean): string {
  const joint = filter.attribute('type')?.toLowerCase() === 'or' ? ' or ' : ' and '
  const parts = filter.elements().flatMap((child) => {
    if (child.name === 'condition') return [condition(child, exact)]
    if (child.name === 'filter' && isFindFilter(child)) return []
    if (child.name === 'filter')
      return [`(${exact ? `${child.attribute('type') ?? 'and'} ` : ''}${expression(child, exact)})`]
    return [child.source]
  })
  const rest = exact ? others(filter, ['type']) : []
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

/** The column that a condition compares, with the table that is linked where it is one of that. */
function columnOf(compared: XmlElement): string {
  return [compared.attribute('entityname'), compared.attribute('attribute')].filter(Boolean).join('.')
}

/** What a condition shows of its values is left out: names of rows, which may be new. */
const CONDITION_ATTRIBUTES = ['attribute', 'operator', 'value', 'entityname', 'uiname', 'uitype', 'uihidden']

function condition(element: XmlElement, exact: boolean): string {
  const operator = element.attribute('operator') ?? ''
  const values = element.elements('value').map(({ text }) => text.trim())
  const own = element.attribute('value')
  const all = own === undefined ? values : [own, ...values]
  const column = columnOf(element)
  const named = all.map((value, at) => {
    const label = element.attribute('uiname') ?? element.elements('value')[at]?.attribute('uiname')
    return exact || label === undefined || label === '' ? value : label
  })
  const rest = exact ? others(element, CONDITION_ATTRIBUTES) : []
  return [column, exact ? operator : (OPERATORS[operator] ?? operator), named.join(', '), ...rest]
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

function linkFact(link: XmlElement, path: string): Fact {
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
    facts: entityFacts(link, own, LINK_RULES),
  }
}

/** A chart; what it counts is a query like that of a view. */
export function chartFacts(chart: XmlElement, language: string): Fact[] {
  const queries = chart
    .elements('datadescription')
    .flatMap((data) => data.descendants('fetchcollection'))
    .flatMap(queryFacts)
  return [...xmlFacts(chart, { rules: CHART_RULES, language }), ...queries]
}

const CHART_RULES: XmlRules = {
  'datadescription/datadefinition/fetchcollection': ELSEWHERE,
  savedqueryvisualizationid: ELSEWHERE,
  LocalizedNames: 'Name',
  name: { label: 'Name', quiet: 'derived' },
  datadescription: 'Data',
  presentationdescription: 'Presentation',
  isdefault: {
    label: 'Default chart',
    values: { '0': 'No', '1': 'Yes', false: 'No', true: 'Yes' },
    silent: ['false', '0'],
  },
}
