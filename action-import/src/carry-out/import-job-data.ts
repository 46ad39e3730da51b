import { normalizeCode } from '@dsa/dataverse-client'
import type { MissingDependency } from '@dsa/dataverse-client'
import { parseXml } from '@dsa/solution-package'
import type { XmlElement } from '@dsa/solution-package'
import { dependenciesIn, withoutDependencies } from '../look/missing-dependencies.ts'

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

/**
 * Reads `importjob.data`: the root `importexportxml` with a `result` below each component.
 * @throws XmlError when it is no XML; the caller then has the raw text to show
 */
export function readImportJobData(data: string): ImportRecord {
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

function nameOf(element: XmlElement): string {
  return (
    ['LocalizedName', 'OriginalName', 'name', 'id']
      .map((key) => element.attribute(key))
      .find((value) => value !== undefined && value !== '') ?? ''
  )
}

function parameters(result: XmlElement): readonly string[] {
  return (
    result
      .element('parameters')
      ?.elements('parameter')
      .map(({ text }) => text) ?? []
  )
}
