import type { XmlElement } from '../../xml/index.ts'
import { valueFact, type Fact } from '../facts/fact.ts'
import { ELSEWHERE, labelIn, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { humanized } from '../facts/words.ts'
import { componentTypeName } from '../../model/component-type.ts'

const APP_RULES: XmlRules = {
  UniqueName: ELSEWHERE,
  LocalizedNames: 'Name',
  AppModuleComponents: ELSEWHERE,
  AppModuleRoleMaps: 'Security roles',
  'AppModuleRoleMaps/Role': { part: 'Security role', by: ['@id'] },
  WelcomePageId: { label: 'Welcome page', isId: true },
  WebResourceId: { label: 'Icon', isId: true },
  statecode: { label: 'Status', values: { '0': 'Active', '1': 'Inactive' }, silent: ['0'] },
  statuscode: { label: 'Status reason', quiet: 'derived' },
  FormFactor: { label: 'Form factor', silent: 'any' },
  ClientType: { label: 'Client', silent: 'any' },
  NavigationType: {
    label: 'Navigation',
    values: { '0': 'Single session', '1': 'Multi session' },
    silent: ['0'],
  },
  OptimizedFor: 'Optimized for',
  'appelements/appelement': { part: 'Page or agent', by: ['@uniquename'] },
  'appsettings/appsetting': { part: 'Setting', by: ['@settingdefinitionid.uniquename'] },
}

const APP_COMPONENTS_RULES: XmlRules = { AppModuleComponent: ELSEWHERE }
const APP_COMPONENT_RULES: XmlRules = { '@type': ELSEWHERE, '@schemaName': ELSEWHERE, '@id': ELSEWHERE }

/** A model-driven app; its components are one list, told by their kind. */
export function appFacts(app: XmlElement, language: string): Fact[] {
  const components = app
    .elements('AppModuleComponents')
    .flatMap((list) => list.elements('AppModuleComponent'))
    .map((component): Fact => {
      const type = component.attribute('type') ?? ''
      const name = component.attribute('schemaName') ?? component.attribute('id') ?? ''
      const label = humanized(componentTypeName(type))
      const path = `AppModuleComponents/AppModuleComponent[${type} ${name}]`
      return {
        key: `${type} ${name.toLowerCase()}`,
        label,
        path,
        shown: name,
        isPart: true,
        facts: xmlFacts(component, { rules: APP_COMPONENT_RULES, language }, path),
      }
    })
  return [
    ...xmlFacts(app, { rules: APP_RULES, language }),
    ...app
      .elements('AppModuleComponents')
      .flatMap((list) => xmlFacts(list, { rules: APP_COMPONENTS_RULES, language }, 'AppModuleComponents')),
    { key: 'components', label: 'Components', path: 'AppModuleComponents', facts: components },
  ]
}

const SITE_MAP_RULES: XmlRules = {
  SiteMapUniqueName: ELSEWHERE,
  LocalizedNames: 'Name',
  ShowHome: { label: 'Show Home', silent: ['True'] },
  ShowPinned: { label: 'Show Pinned', silent: ['True'] },
  ShowRecents: { label: 'Show Recents', silent: ['True'] },
  EnableCollapsibleGroups: { label: 'Collapsible groups', silent: ['False'] },
  SiteMap: ELSEWHERE,
}

const ENTRY_RULES: XmlRules = {
  '@Id': ELSEWHERE,
  Area: ELSEWHERE,
  Group: ELSEWHERE,
  SubArea: ELSEWHERE,
  '@ResourceId': { label: 'Resource', silent: 'any' },
  '@DescriptionResourceId': { label: 'Resource of the description', silent: 'any' },
  '@ToolTipResourseId': { label: 'Resource of the tool tip', silent: 'any' },
  '@Entity': 'Table',
  '@Url': 'URL',
  '@PageId': 'Page',
  '@DefaultDashboard': 'Default dashboard',
  '@Icon': 'Icon',
  '@VectorIcon': 'Vector icon',
  '@Client': { label: 'Client', silent: 'any' },
  '@Sku': { label: 'Product', silent: 'any' },
}

/** A site map: its areas, groups and subareas, each with the place it stands in. */
export function siteMapFacts(siteMap: XmlElement, language: string): Fact[] {
  const maps = siteMap.element('SiteMap') === undefined ? [siteMap] : siteMap.elements('SiteMap')
  const rules = maps[0] === siteMap ? ENTRY_RULES : SITE_MAP_RULES
  const entries: Fact[] = []
  const orders: Fact[] = []
  for (const map of maps) collect(map, { shown: '', path: 'SiteMap' }, language, entries, orders)
  return [
    ...xmlFacts(siteMap, { rules, language }),
    ...(maps[0] === siteMap
      ? []
      : maps.flatMap((map) => xmlFacts(map, { rules: ENTRY_RULES, language }, 'SiteMap'))),
    { key: 'entries', label: 'Entries', path: 'SiteMap', facts: entries },
    ...orders,
  ]
}

const LEVELS: Readonly<Record<string, string>> = { Area: 'Area', Group: 'Group', SubArea: 'Subarea' }

/** Where an entry stands: in the words of the map, and in ids, which a new title leaves as they are. */
interface EntryPlace {
  readonly shown: string
  readonly path: string
}

function collect(
  around: XmlElement,
  place: EntryPlace,
  language: string,
  entries: Fact[],
  orders: Fact[],
): void {
  const inner = around.elements().filter(({ name }) => LEVELS[name] !== undefined)
  for (const entry of inner) {
    const id = entry.attribute('Id') ?? ''
    const title = labelIn(entry.element('Titles'), language) ?? entry.attribute('Title') ?? id
    const what = LEVELS[entry.name] ?? entry.name
    const path = `${place.path}/${entry.name}[${id}]`
    entries.push({
      key: path,
      // An id may stand in several areas, so only what is gone from its place has moved.
      alias: `${entry.name} ${id}`,
      label: `${what} ${title}`,
      path,
      shown: place.shown === '' ? title : `in ${place.shown}`,
      isPart: true,
      within: place.path,
      facts: [
        ...xmlFacts(entry, { rules: ENTRY_RULES, language }, path),
        valueFact('place', 'Place', path, place.path, { shown: place.shown }),
      ],
    })
    const shown = place.shown === '' ? title : `${place.shown} › ${title}`
    collect(entry, { shown, path }, language, entries, orders)
  }
  orders.push({
    key: `order ${place.path}`,
    label: 'Order',
    path: place.path,
    order: place.shown === '' ? 'Order of areas' : `Order in ${place.shown}`,
    facts: inner.map((entry) => ({
      key: entry.attribute('Id') ?? '',
      label: labelIn(entry.element('Titles'), language) ?? entry.attribute('Id') ?? '',
      path: '',
      raw: '',
    })),
  })
}
