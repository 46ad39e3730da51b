import type { ComponentName, MissingDependency } from '@dsa/dataverse-client'
import { compareVersions, componentTypeName, parseXml } from '@dsa/solution-package'
import type { XmlElement } from '@dsa/solution-package'
import { counted } from '@dsa/user-error'

/** The list stands as escaped XML inside texts of the service, where it would only be noise. */
const LIST = /<MissingDependencies>[\s\S]*<\/MissingDependencies>/

/** What stands around the list, and says nothing to people. */
const AROUND = /\s*The missing dependencies are : \(listed below\)\s*(?:, ProductUpdatesOnly : \w+)?/

/** A text of the service with its list of missing dependencies left out, which is told in a table instead. */
export function withoutDependencies(text: string): string {
  return text.replace(LIST, '(listed below)').replace(AROUND, '').trim()
}

/** The missing dependencies that stand as XML inside a text of the service; the first text that has any counts. */
export function dependenciesIn(texts: readonly string[]): readonly MissingDependency[] {
  for (const text of texts) {
    const xml = LIST.exec(text)?.[0]
    if (xml === undefined) continue
    const { root } = parseXml(Buffer.from(xml), 'MissingDependencies')
    return root.elements('MissingDependency').map((one) => ({
      required: end(one.element('Required')),
      dependent: end(one.element('Dependent')),
    }))
  }
  return []
}

function end(element: XmlElement | undefined): ComponentName {
  const value = (key: string): string => element?.attribute(key) ?? ''
  return {
    type: value('type'),
    schemaName: value('schemaName'),
    displayName: value('displayName') || value('id'),
    parent: value('parentSchemaName') || value('parentDisplayName'),
    solution: value('solution'),
  }
}

/** A solution that supplies what is missing. */
export interface MissingSupplier {
  /** Unique name; '' for what no solution supplies. */
  readonly solution: string
  /** The highest version that is asked for; '' when none is said. */
  readonly version: string
  readonly missing: readonly MissingDependency[]
  /** How many components need something of it. */
  readonly neededBy: number
}

/** What is missing, by the solution that supplies it; the one that most need comes first. */
export function missingSuppliers(missing: readonly MissingDependency[]): readonly MissingSupplier[] {
  const groups = new Map<string, MissingDependency[]>()
  for (const one of missing) {
    const { name } = supplierOf(one)
    groups.set(name.toLowerCase(), [...(groups.get(name.toLowerCase()) ?? []), one])
  }
  return [...groups.values()]
    .map((group): MissingSupplier => {
      const versions = group.map((one) => supplierOf(one).version).filter((version) => version !== '')
      return {
        solution: group[0] === undefined ? '' : supplierOf(group[0]).name,
        version: versions.toSorted(compareVersions).at(-1) ?? '',
        missing: group,
        neededBy: new Set(group.map(({ dependent }) => `${dependent.type} ${withParent(dependent)}`)).size,
      }
    })
    .toSorted((a, b) => b.neededBy - a.neededBy)
}

/** `FieldService (7.5.0.60)`, or a name alone. `Active` is where unmanaged changes live: no solution supplies it. */
function supplierOf({ required }: MissingDependency): { readonly name: string; readonly version: string } {
  const [, name = '', version = ''] = /^(.*?)(?: \((\d+(?:\.\d+){1,3})\))?$/.exec(required.solution) ?? []
  return { name: name === 'Active' ? '' : name, version }
}

/** What to do about a supplier: `Install FieldService ≥ 7.5.0.60: needed by 80 components`. */
export function supplierLine({ solution, version, missing, neededBy }: MissingSupplier): string {
  const needed = `needed by ${counted(neededBy, 'component')}`
  if (solution === '') {
    const names = missing.slice(0, 3).map(({ required }) => withParent(required))
    const them = [...new Set(names)].join(', ')
    return `Add to your solution what no other one supplies (${them}${missing.length > 3 ? ', …' : ''}): ${needed}`
  }
  return `Install ${solution}${version === '' ? '' : ` ≥ ${version}`}: ${needed}`
}

/** A component with its kind and that of what it belongs to. */
export function withKind(name: ComponentName): string {
  return `${componentTypeName(name.type)} ${withParent(name)}`
}

/** A component's name, with that of what it belongs to. */
function withParent({ schemaName, displayName, parent }: ComponentName): string {
  const name = schemaName || displayName
  return parent === '' ? name : `${parent}: ${name}`
}
