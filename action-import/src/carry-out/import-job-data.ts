import { normalizeCode } from '@dsa/dataverse-client'
import type { ComponentName, MissingDependency } from '@dsa/dataverse-client'
import { parseXml } from '@dsa/solution-package'
import type { XmlElement } from '@dsa/solution-package'

/** What the platform wrote about one component that did not go in as it should. */
export interface ComponentResult {
  readonly level: 'error' | 'warning'
  /** The section of the record, such as `optionSet`, `workflow`, `solutionManifest`. */
  readonly kind: string
  readonly name: string
  readonly code: string
  readonly text: string
}

/** The record of an import, read. */
export interface ImportRecord {
  readonly results: readonly ComponentResult[]
  readonly missingDependencies: readonly MissingDependency[]
  /** How many components the record has a result for. */
  readonly processed: number
}

/** The list stands as escaped XML inside the text and inside a parameter; in the text it would only be noise. */
const DEPENDENCIES = /<MissingDependencies>[\s\S]*<\/MissingDependencies>/

/**
 * Reads `importjob.data`: the root `importexportxml` with a `result` below each component.
 * @throws XmlError when it is no XML; the caller then has the raw text to show
 */
export const readImportJobData = (data: string): ImportRecord => {
  const { root } = parseXml(Buffer.from(data), 'importjob.data')
  const results: ComponentResult[] = []
  const missing = new Map<string, MissingDependency>()
  let processed = 0
  const visit = (element: XmlElement): void => {
    for (const child of element.elements()) {
      if (child.name !== 'result') {
        visit(child)
        continue
      }
      processed++
      const outcome = child.attribute('result')
      if (outcome !== 'failure' && outcome !== 'warning') continue
      const text = child.attribute('errortext') ?? ''
      for (const dependency of dependenciesIn([text, ...parameters(child)])) {
        missing.set(JSON.stringify(dependency), dependency)
      }
      results.push({
        level: outcome === 'failure' ? 'error' : 'warning',
        kind: element.name,
        name: nameOf(element),
        code: normalizeCode(child.attribute('errorcode')),
        text: withoutDependencies(text),
      })
    }
  }
  visit(root)
  if (results.length === 0 && root.attribute('succeeded') === 'failure') {
    const text = root.attribute('status') ?? ''
    results.push({ level: 'error', kind: 'solution', name: '', code: '', text })
  }
  return { results, missingDependencies: [...missing.values()], processed }
}

/** A text of the service with its list of missing dependencies left out, which is told in a table instead. */
export const withoutDependencies = (text: string): string =>
  text.replace(DEPENDENCIES, '(listed below)').trim()

const nameOf = (element: XmlElement): string =>
  ['LocalizedName', 'OriginalName', 'name', 'id']
    .map((key) => element.attribute(key))
    .find((value) => value !== undefined && value !== '') ?? ''

const parameters = (result: XmlElement): readonly string[] =>
  result
    .element('parameters')
    ?.elements('parameter')
    .map(({ text }) => text) ?? []

/** The missing dependencies that stand as XML inside a text of the service; also in an async operation's message. */
export const dependenciesIn = (texts: readonly string[]): readonly MissingDependency[] => {
  for (const text of texts) {
    const xml = DEPENDENCIES.exec(text)?.[0]
    if (xml === undefined) continue
    const { root } = parseXml(Buffer.from(xml), 'MissingDependencies')
    return root.elements('MissingDependency').map((one) => ({
      required: end(one.element('Required')),
      dependent: end(one.element('Dependent')),
    }))
  }
  return []
}

const end = (element: XmlElement | undefined): ComponentName => {
  const value = (key: string): string => element?.attribute(key) ?? ''
  return {
    type: value('type'),
    schemaName: value('schemaName'),
    displayName: value('displayName') || value('id'),
    parent: value('parentSchemaName') || value('parentDisplayName'),
    solution: value('solution'),
  }
}
