import type { ComponentName, MissingDependency } from '@dsa/dataverse-client'
import { componentTypeName, parseXml } from '@dsa/solution-package'
import type { XmlElement } from '@dsa/solution-package'

/** The list stands as escaped XML inside texts of the service, where it would only be noise. */
const LIST = /<MissingDependencies>[\s\S]*<\/MissingDependencies>/

/** A text of the service with its list of missing dependencies left out, which is told in a table instead. */
export function withoutDependencies(text: string): string {
  return text.replace(LIST, '(listed below)').trim()
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

/** One line of the log for each missing component. */
export function missingLines(missing: readonly MissingDependency[]): readonly string[] {
  return missing.map(
    ({ required, dependent }) =>
      `missing: ${componentTypeName(required.type)} ${withParent(required)} (${supplier(required.solution)}), ` +
      `needed by ${componentTypeName(dependent.type)} ${withParent(dependent)}`,
  )
}

/** A component's name, with that of what it belongs to. */
export function withParent({ schemaName, displayName, parent }: ComponentName): string {
  const name = schemaName || displayName
  return parent === '' ? name : `${parent}: ${name}`
}

/** `Active` is where unmanaged changes live: no solution supplies it. */
export function supplier(solution: string): string {
  return solution === '' || solution === 'Active' ? 'no solution; add the component to yours' : solution
}
