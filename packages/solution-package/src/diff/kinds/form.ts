import type { XmlElement } from '../../xml/index.ts'
import { valueFact, type Fact } from '../facts/fact.ts'
import { ELSEWHERE, labelIn, untoldFact, xmlFacts, type XmlRules, type XmlScope } from '../facts/xml-facts.ts'
import { counted } from '@dsa/user-error'
import { plainId } from '../facts/words.ts'

const FORM_RULES: XmlRules = {
  formid: ELSEWHERE,
  FormId: ELSEWHERE,
  form: ELSEWHERE,
  'FormXml/form': ELSEWHERE,
  'FormXml/forms/form': ELSEWHERE,
  'FormXml/forms/@type': 'Type of form',
  LocalizedNames: 'Name',
  FormPresentation: { label: 'Presentation', silent: 'any' },
  FormActivationState: { label: 'State', values: { '0': 'Inactive', '1': 'Active' }, silent: ['1'] },
  CanBeDeleted: { label: 'Can be deleted', silent: 'any' },
  isdefault: { label: 'Default form', silent: ['0'] },
}

/** Parts of a form that are told by functions of their own, or by rules with another name. */
const LAYOUT_RULES: XmlRules = {
  tabs: ELSEWHERE,
  header: ELSEWHERE,
  footer: ELSEWHERE,
  events: ELSEWHERE,
  '//@libraryUniqueId': { label: 'Id of the library', quiet: 'server stamp' },
  '//@handlerUniqueId': { label: 'Id of the handler', quiet: 'server stamp' },
  '//@labelid': { label: 'Id of the label', quiet: 'server stamp' },
  formLibraries: { label: 'Form libraries', order: 'Order of libraries' },
  'formLibraries/Library': { part: 'Form library', by: ['@name'] },
  '@headerdensity': 'Density of the header',
  '@hasmargin': 'Has a margin',
  '@shownavigationbar': 'Show the navigation bar',
  '@showImage': 'Show the image',
  '@maxWidth': 'Maximum width',
  'DisplayConditions/@Order': 'Form order',
  'DisplayConditions/@FallbackForm': 'Fallback form',
  'DisplayConditions/Role': { part: 'Security role', by: ['@Id'] },
  'DisplayConditions/Everyone': { label: 'Shown to everyone', isFlag: true },
  'controlDescriptions/controlDescription': ELSEWHERE,
}

const COMPONENT_RULES: XmlRules = {
  '@forControl': ELSEWHERE,
  customControl: {
    part: 'Component',
    by: ['@formFactor'],
    values: { '0': 'on the web', '1': 'on phones', '2': 'on tablets' },
  },
}

/** Code components by the fields that they show; the ids that join them are made anew with a field. */
function componentFacts(layout: XmlElement): Fact[] {
  const columns = new Map(
    layout.descendants('control').flatMap((control) => {
      const id = control.attribute('uniqueid')
      return id === undefined
        ? []
        : [[plainId(id), control.attribute('datafieldname') ?? control.attribute('id')]]
    }),
  )
  return layout
    .elements('controlDescriptions')
    .flatMap((list) => list.elements('controlDescription'))
    .map((description) => {
      const control = plainId(description.attribute('forControl') ?? '')
      const field = columns.get(control) ?? control
      const path = `form/controlDescriptions/controlDescription[${field}]`
      return {
        key: field.toLowerCase(),
        label: `Component on field ${field}`,
        path,
        shown: field,
        isPart: true,
        facts: xmlFacts(description, { rules: COMPONENT_RULES, language: '' }, path),
      }
    })
}

const TAB_RULES: XmlRules = {
  '@id': { label: 'Id', quiet: 'server stamp' },
  '@labelid': { label: 'Id of the label', quiet: 'server stamp' },
  '@IsUserDefined': { label: 'Made by a person', quiet: 'derived' },
  '@name': 'Name',
  '@expanded': { label: 'Expand by default', silent: ['true'] },
  '@visible': { label: 'Visible', silent: ['true'] },
  '@showlabel': { label: 'Show label', silent: ['true'] },
  '@verticallayout': { label: 'Vertical layout', silent: 'any' },
  '@locklevel': { label: 'Locked', silent: ['0'] },
  '@columns': { label: 'Columns of the section', silent: 'any' },
  '@labelwidth': { label: 'Width of labels', silent: 'any' },
  '@showbar': { label: 'Show line', silent: ['false'] },
  columns: ELSEWHERE,
  rows: ELSEWHERE,
  events: ELSEWHERE,
}

const CELL_RULES: XmlRules = {
  '@id': { label: 'Id', quiet: 'server stamp' },
  '@labelid': { label: 'Id of the label', quiet: 'server stamp' },
  '@visible': { label: 'Visible', silent: ['true'] },
  '@showlabel': { label: 'Show label', silent: ['true'] },
  '@locklevel': { label: 'Locked', values: { '0': 'No', '1': 'Yes' }, silent: ['0'] },
  '@colspan': { label: 'Width in columns', silent: ['1'] },
  '@rowspan': { label: 'Height in rows', silent: ['1'] },
  '@auto': { label: 'Automatic height', silent: ['false'] },
  events: ELSEWHERE,
  control: 'Control',
  'control/@id': ELSEWHERE,
  'control/@uniqueid': { label: 'Unique id of the control', quiet: 'server stamp' },
  'control/@datafieldname': 'Column',
  'control/@classid': { label: 'Type of control' },
  'control/@disabled': { label: 'Read-only', values: { true: 'Yes', false: 'No' }, silent: ['false'] },
  'control/@isrequired': { label: 'Required', values: { true: 'Yes', false: 'No' }, silent: ['false'] },
  'control/@indicationOfSubgrid': { label: 'Is a subgrid', quiet: 'derived' },
}

/** What a form or a dashboard says: tabs, sections, fields, scripts, and all that has no rule by its elements. */
export function formFacts(form: XmlElement, language: string): Fact[] {
  const facts = xmlFacts(form, { rules: FORM_RULES, language })
  for (const layout of layoutsOf(form)) facts.push(...layoutFacts(layout, language))
  return facts
}

/** The element `form`, which stands in `FormXml/forms/systemform` of a dashboard and in a form itself. */
function layoutsOf(form: XmlElement): XmlElement[] {
  return [
    ...form.elements('form'),
    ...form
      .elements('FormXml')
      .flatMap((xml) => xml.elements('forms').flatMap((forms) => forms.elements('form'))),
    ...form.elements('FormXml').flatMap((xml) => xml.elements('form')),
  ]
}

function layoutFacts(layout: XmlElement, language: string): Fact[] {
  const scope = { rules: LAYOUT_RULES, language }
  const tabs = layout.elements('tabs').flatMap((list) => list.elements('tab'))
  const places = tabs.flatMap((tab, at) => sectionsOf(tab, at, language))
  return [
    ...xmlFacts(layout, scope, 'form'),
    group(
      'tabs',
      'Tabs',
      undefined,
      tabs.map((tab, at) => tabFact(tab, at, language)),
    ),
    orderOfTabs(tabs, language),
    group(
      'sections',
      'Sections',
      undefined,
      places.map((place) => sectionFact(place, language)),
    ),
    group('fields', 'Fields', undefined, [
      ...places.flatMap(({ section, place }) => cellFacts(section, place, '', language)),
      ...(['header', 'footer'] as const).flatMap((name) =>
        layout.elements(name).flatMap((area) => cellFacts(area, AREAS[name], name, language)),
      ),
    ]),
    ...places.map(orderOfFields),
    ...layout
      .elements('tabs')
      .flatMap((tabsOfForm) => xmlFacts(tabsOfForm, { rules: AREA_RULES, language }, 'form/tabs')),
    ...(['header', 'footer'] as const).map((name) =>
      group(
        name,
        AREAS[name].shown,
        undefined,
        layout.elements(name).flatMap((area) => areaFacts(area, AREAS[name].shown, language)),
      ),
    ),
    group('components', 'Components', undefined, componentFacts(layout)),
    group('events', 'Event handlers', undefined, eventFacts(layout)),
  ]
}

function group(key: string, label: string, order: string | undefined, facts: readonly Fact[]): Fact {
  return { key, label, path: `form/${key}`, facts, ...(order !== undefined && { order }) }
}

function tabFact(tab: XmlElement, at: number, language: string): Fact {
  const sections = tab.descendants('section').length
  const key = keyOf(tab)
  return {
    key,
    label: `Tab ${nameOf(tab, language)}`,
    path: `form/tabs/tab[${key}]`,
    shown: counted(sections, 'section'),
    isPart: true,
    alias: calledAs(tab, at, language),
    facts: [
      ...xmlFacts(tab, { rules: TAB_RULES, language }, `form/tabs/tab[${key}]`),
      columnsFact(tab, `form/tabs/tab[${key}]`),
      valueFact('widths', 'Widths of columns', `form/tabs/tab[${key}]/columns`, widthsOf(tab)),
    ],
  }
}

/** By their names, which what a tab holds does not tell. */
function orderOfTabs(tabs: readonly XmlElement[], language: string): Fact {
  return {
    key: 'order of tabs',
    label: 'Tabs',
    path: 'form/tabs',
    order: 'Order of tabs',
    facts: tabs.map((tab, at) => ({
      key: keyOf(tab),
      alias: calledAs(tab, at, language),
      label: '',
      path: '',
      raw: '',
      shown: nameOf(tab, language),
    })),
  }
}

function widthsOf(tab: XmlElement): string {
  return tab
    .elements('columns')
    .flatMap((columns) => columns.elements('column'))
    .map((column) => column.attribute('width') ?? '')
    .join(', ')
}

function heightsOf(section: XmlElement): string {
  const heights = section
    .elements('rows')
    .flatMap((rows) => rows.elements('row'))
    .map((row) => row.attribute('height'))
  return heights.some((height) => height !== undefined)
    ? heights.map((height) => height ?? 'default').join(', ')
    : ''
}

/** What stands between a section and its cells says little of itself. */
function rowsFact(area: XmlElement, path: string): Fact {
  const lists = area.elements('rows')
  const all = [...lists, ...lists.flatMap((rows) => rows.elements('row'))]
  return untoldFact('Rows', `${path}/rows`, all, ['row', '@height', 'cell'])
}

/** So does what stands between a tab and its sections. */
function columnsFact(tab: XmlElement, path: string): Fact {
  const columns = tab.elements('columns').flatMap((list) => [list, ...list.elements('column')])
  const all = [...columns, ...columns.flatMap((column) => column.elements('sections'))]
  return untoldFact('Columns', `${path}/columns`, all, ['column', '@width', 'sections', 'section'])
}

interface SectionPlace {
  readonly section: XmlElement
  readonly tab: Place
  /** How people find it: `General › Details`. */
  readonly place: Place
  readonly key: string
  readonly alias: string
}

/** Where something stands: by ids and names, of which editors change one at a time, and in the words on the form. */
interface Place {
  readonly shown: string
  /** Of the part of the form that it is. */
  readonly path: string
  readonly either: readonly string[]
}

function placeFact(label: string, path: string, { shown, either }: Place): Fact {
  return { key: 'place', label, path, raw: either.join(' '), either, shown }
}

function sectionsOf(tab: XmlElement, tabAt: number, language: string): SectionPlace[] {
  const around: Place = {
    shown: nameOf(tab, language),
    path: pathOfTab(tab),
    either: [keyOf(tab), calledAs(tab, tabAt, language)],
  }
  return tab.descendants('section').map((section, at) => {
    const alias = calledAs(section, at, language)
    return {
      section,
      tab: around,
      place: {
        shown: `${around.shown} › ${nameOf(section, language)}`,
        path: pathOfSection(section),
        // Names of sections are often the same in several tabs.
        either: [keyOf(section), `${calledAs(tab, tabAt, language)}/${alias}`],
      },
      key: keyOf(section),
      alias,
    }
  })
}

function sectionFact({ section, tab, place, key, alias }: SectionPlace, language: string): Fact {
  const path = place.path
  return {
    key,
    label: `Section ${nameOf(section, language)}`,
    path,
    shown: `in ${place.shown}`,
    isPart: true,
    within: tab.path,
    alias,
    facts: [
      ...xmlFacts(section, { rules: TAB_RULES, language }, path),
      rowsFact(section, path),
      valueFact('heights', 'Heights of rows', `${path}/rows`, heightsOf(section), { silent: [''] }),
      placeFact('Tab', path, tab),
    ],
  }
}

/** What a list of tabs, a header or a footer says of itself. */
const AREA_RULES: XmlRules = {
  '@id': { label: 'Id', quiet: 'server stamp' },
  '@showlabels': { label: 'Show labels', silent: ['true'] },
  '@celllabelposition': 'Position of labels',
  '@celllabelalignment': 'Alignment of labels',
  '@labelwidth': 'Width of labels',
  '@columns': 'Columns',
  '@filterby': 'Filter by',
  '@timeframe': 'Time frame',
  '@primaryentitylogicalname': 'Table',
  '@entityview': 'View',
  '@dashboardCategory': 'Layout of the dashboard',
  '@tilespresent': 'Tiles',
  rows: ELSEWHERE,
  tab: ELSEWHERE,
}

function areaFacts(area: XmlElement, shown: string, language: string): Fact[] {
  const path = `form/${area.name}`
  return [...xmlFacts(area, { rules: AREA_RULES, language }, path), rowsFact(area, path)].map((fact) => ({
    ...fact,
    label: `${shown} · ${fact.label}`,
  }))
}

function cellsOf(area: XmlElement): XmlElement[] {
  return area.elements('rows').flatMap((rows) => rows.elements('row').flatMap((row) => row.elements('cell')))
}

const AREAS = {
  header: { shown: 'Header', path: 'form/header', either: ['header'] },
  footer: { shown: 'Footer', path: 'form/footer', either: ['footer'] },
} as const

/** @param within empty for the body; a header and a footer repeat columns that stand in it */
function cellFacts(
  area: XmlElement,
  place: Place,
  within: '' | 'header' | 'footer',
  language: string,
): Fact[] {
  const scope: XmlScope = { rules: CELL_RULES, language }
  return cellsOf(area).map((cell) => {
    const control = cell.element('control')
    const column = columnOfCell(cell)
    const key = cell.attribute('id') ?? column
    const path = pathOfCell(cell)
    const label = labelIn(cell.element('labels'), language)
    const name = label === undefined || label === '' ? column : label
    return {
      key: control === undefined ? `empty ${within}` : `${plainId(key)} ${within}`,
      ...(control === undefined && { anonymous: true }),
      label: control === undefined ? 'Empty cell' : `Field ${name}`,
      path,
      shown: `in ${place.shown}`,
      isPart: true,
      within: place.path,
      ...(column !== '' && {
        alias: `${within} ${column.toLowerCase()}`,
      }),
      facts: [
        ...xmlFacts(cell, scope, path),
        ...(control === undefined ? [] : [controlName(control, path)]),
        placeFact('Place', path, place),
      ],
    }
  })
}

function columnOfCell(cell: XmlElement): string {
  const control = cell.element('control')
  return control?.attribute('datafieldname') ?? control?.attribute('id') ?? ''
}

function pathOfCell(cell: XmlElement): string {
  return `form/cells/cell[${plainId(cell.attribute('id') ?? columnOfCell(cell))}]`
}

function pathOfTab(tab: XmlElement): string {
  return `form/tabs/tab[${keyOf(tab)}]`
}

function pathOfSection(section: XmlElement): string {
  return `form/sections/section[${keyOf(section)}]`
}

/** Scripts reach a control by its name, mostly that of its column; editors give some a new id instead. */
function controlName(control: XmlElement, path: string): Fact {
  const name = control.attribute('id') ?? ''
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plainId(name))
  return valueFact('name', 'Name of the control', `${path}/control/@id`, name, {
    echo: true,
    ...(isId && { quiet: 'server stamp' }),
  })
}

/** Fields that change places within their section; an empty cell has no name to tell it by. */
function orderOfFields({ section, place, key }: SectionPlace): Fact {
  const names = cellsOf(section).flatMap((cell) => {
    const control = cell.element('control')
    const column = control?.attribute('datafieldname') ?? control?.attribute('id')
    return column === undefined
      ? []
      : [{ key: column.toLowerCase(), label: column, path: '', raw: '', shown: column }]
  })
  return {
    key: `order ${key}`,
    label: `Section ${place.shown}`,
    path: `${place.path}/rows`,
    order: `Order of fields in ${place.shown}`,
    facts: names,
  }
}

/** Events of the form, and of its fields, which come and go with these. */
function eventFacts(layout: XmlElement): Fact[] {
  const ofCells = layout
    .descendants('cell')
    .flatMap((cell) => cell.descendants('event').map((event) => ({ event, within: pathOfCell(cell) })))
  const places = new Map(ofCells.map(({ event, within }) => [placeInFile(event), within]))
  return layout
    .descendants('event')
    .flatMap((event) => handlerFacts(event, places.size === 0 ? undefined : places.get(placeInFile(event))))
}

function placeInFile({ position }: XmlElement): string {
  return `${position.line}:${position.column}`
}

function handlerFacts(event: XmlElement, within: string | undefined): Fact[] {
  const on = [event.attribute('name'), event.attribute('attribute')]
    .filter((part) => part !== undefined)
    .join(' of ')
  const own: Fact = {
    key: `event ${on}`,
    label: `Event ${on}`,
    path: `form/events/event[${on}]`,
    facts: xmlFacts(event, { rules: EVENT_RULES, language: '' }, `form/events/event[${on}]`).map((fact) => ({
      ...fact,
      label: `Event ${on} · ${fact.label}`,
    })),
    anonymous: true,
  }
  const handlers = event.descendants('Handler').map((handler): Fact => {
    const called =
      `${handler.attribute('libraryName') ?? ''} ${handler.attribute('functionName') ?? ''}`.trim()
    const path = `form/events/event[${on}]/Handler[${called}]`
    return {
      key: `${on} ${called}`,
      label: `Event handler ${on}`,
      path,
      shown: called,
      isPart: true,
      ...(within !== undefined && { within }),
      // One that calls another function keeps its id.
      alias: `${on} ${handler.attribute('handlerUniqueId') ?? called}`,
      facts: xmlFacts(handler, { rules: HANDLER_RULES, language: '' }, path),
    }
  })
  return [own, ...handlers]
}

/** Of the event itself; it comes and goes with its handlers. */
const EVENT_RULES: XmlRules = {
  '@name': ELSEWHERE,
  '@attribute': ELSEWHERE,
  dependencies: 'Dependent columns',
  'dependencies/dependency': { part: 'Dependent column', by: ['@id'] },
  '@application': { label: 'Of the application', silent: 'any' },
  '@active': { label: 'Active', silent: 'any' },
  '@control': { label: 'Control', silent: 'any' },
  '@relationship': { label: 'Relationship', silent: 'any' },
  '@BehaviorInBulkEditForm': { label: 'Behavior in bulk edit', silent: 'any' },
  Handlers: ELSEWHERE,
  InternalHandlers: ELSEWHERE,
}

const HANDLER_RULES: XmlRules = {
  '@functionName': 'Function',
  '@libraryName': 'Library',
  '@handlerUniqueId': { label: 'Id', quiet: 'server stamp' },
  '@enabled': { label: 'Enabled', silent: ['true'] },
  '@parameters': 'Parameters',
  '@passExecutionContext': { label: 'Pass execution context', silent: ['false'] },
}

function keyOf(element: XmlElement): string {
  return plainId(element.attribute('id') ?? element.attribute('name') ?? '')
}

/**
 * Editors give a tab or section a new id now and then, and leave its name, or its label; what has neither is known by
 * where it stands.
 */
function calledAs(element: XmlElement, at: number, language: string): string {
  const names = [element.attribute('name'), labelIn(element.element('labels'), language), `#${at}`]
  return (names.find((name) => name !== undefined && name !== '') ?? '').toLowerCase()
}

function nameOf(element: XmlElement, language: string): string {
  const label = labelIn(element.element('labels'), language)
  if (label !== undefined && label !== '') return label
  return element.attribute('name') ?? element.attribute('id') ?? ''
}
