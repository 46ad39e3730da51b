import { COMPONENTS, NUMBERED_TYPES } from '../model/components.ts'
import type { XmlDocument, XmlElement } from '../xml/index.ts'

/** A text of the solution in its languages. */
export interface Label {
  /** Unique in the solution, and the same on unpack and pack. */
  readonly key: string
  /** Says a translator what it is. */
  readonly comment: string
  /** The elements that hold it, by the number of the language. */
  readonly elements: ReadonlyMap<number, XmlElement>
  /** The element around them, where its attribute `default` repeats one of the texts. */
  readonly holder?: XmlElement
}

/** Component types by where their files lie, as the keys of SolutionPackager 9.1 begin; the first that fits counts. */
const types: readonly (readonly [RegExp, number])[] = [
  [/^Entities\/[^/]+\/FormXml\//, COMPONENTS.form.type],
  [/^Entities\/[^/]+\/SavedQueries\//, COMPONENTS.view.type],
  [/^Entities\/[^/]+\/Visualizations\//, COMPONENTS.chart.type],
  [
    /^Entities\/[^/]+\/RibbonDiff\.xml$|^Other\/RibbonCustomization\.xml$/,
    NUMBERED_TYPES.ribbonCustomization.type,
  ],
  [/^Entities\//, COMPONENTS.table.type],
  [/^OptionSets\//, COMPONENTS.choice.type],
  [/^(?:Dashboards|InteractionCentricDashboards|Dialogs)\//, 222],
  [/^Roles\//, COMPONENTS.securityRole.type],
  [/^Workflows\//, COMPONENTS.process.type],
  [/^WebResources\//, COMPONENTS.webResource.type],
  [/^AppModules\//, COMPONENTS.modelDrivenApp.type],
  [/^AppModuleSiteMaps\/|^Other\/SiteMap/, COMPONENTS.siteMap.type],
  [/^Other\/Relationships\//, COMPONENTS.relationship.type],
  [/^Other\/ConnectionRoles\.xml$/, COMPONENTS.connectionRole.type],
  [/^CanvasApps\//, COMPONENTS.canvasApp.type],
  [/^Other\/Solution\.xml$/, 15_062],
]

/** Children and attributes that name an element, in this order. */
const nameElements = [
  'Name',
  'UniqueName',
  'SiteMapUniqueName',
  'FormId',
  'formid',
  'savedqueryid',
  'savedqueryvisualizationid',
]
const nameAttributes = ['Name', 'PhysicalName', 'name', 'value', 'id', 'Id']

/** The labels of one file of a tree, in document order. A label is a group of elements that differ by language. */
export function labelsOf(path: string, { root }: XmlDocument): readonly Label[] {
  const type = types.find(([pattern]) => pattern.test(path))?.[1] ?? 0
  const labels: Label[] = []
  const counts = new Map<string, number>()
  const visit = (element: XmlElement, ancestors: readonly XmlElement[]): void => {
    const groups = new Map<string, Map<number, XmlElement>>()
    for (const child of element.elements()) {
      const code = languageOf(child)
      if (code === undefined) {
        visit(child, [...ancestors, child])
        continue
      }
      const group = groups.get(child.name) ?? new Map<number, XmlElement>()
      groups.set(child.name, group)
      if (!group.has(code)) group.set(code, child)
    }
    for (const [name, elements] of groups) {
      const plain = `${type}:${name},${chainOf(ancestors)}`
      const count = (counts.get(plain) ?? 0) + 1
      counts.set(plain, count)
      labels.push({
        key: count === 1 ? plain : `${plain}#${count}`,
        comment: commentOf(name, ancestors),
        elements,
      })
    }
  }
  visit(root, [root])
  return labels
}

/** The language of an element that holds one text of a label. */
export function languageOf(element: XmlElement): number | undefined {
  const code = element.attribute('languagecode')
  return code !== undefined && /^\d{1,6}$/.test(code) && element.attribute('description') !== undefined
    ? Number(code)
    : undefined
}

/** The names of the elements around a label. The publisher is told from a solution of its name by its prefixes. */
function chainOf(ancestors: readonly XmlElement[]): string {
  const named = ancestors.filter((element) => nameOf(element) !== undefined)
  const publisher = named.find((element) => element.is('Publisher'))
  if (publisher) {
    const part = (name: string): string => publisher.element(name)?.text ?? ''
    return `${part('UniqueName')}${part('CustomizationPrefix')}${part('CustomizationOptionValuePrefix')}`
  }
  return named
    .map((element, i) => {
      // A table's own definition lies in one more element of its name, which its columns do not mention.
      if (!element.is('entity')) return nameOf(element)
      return i === named.length - 1 ? `entity${nameOf(element)}` : ''
    })
    .join('')
}

function nameOf(element: XmlElement): string | undefined {
  for (const name of nameElements) {
    const child = element.element(name)
    if (child && child.text !== '') return child.text
  }
  for (const name of nameAttributes) {
    const value = element.attribute(name)
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

function commentOf(labelName: string, ancestors: readonly XmlElement[]): string {
  const named = ancestors.findLast((element) => nameOf(element) !== undefined)
  if (named?.is('Dashboard')) return "'DashBoard'"
  const kinds: Record<string, string> = { SolutionManifest: 'Solution', Publisher: 'Solution Publisher' }
  const kind = named ? (kinds[named.name] ?? named.name) : ''
  return ` '${(named && nameOf(named)) ?? ''}' : ${labelName} for ${kind}`
}
