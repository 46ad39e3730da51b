import type { XmlElement } from '../../xml/index.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** Where the id of a component stands, by the name of its element. */
const idsByElement: Readonly<Record<string, (element: XmlElement) => string | undefined>> = {
  systemform: (element) => element.element('formid')?.text,
  savedquery: (element) => element.element('savedqueryid')?.text,
  visualization: (element) => element.element('savedqueryvisualizationid')?.text,
  Role: (element) => element.attribute('id'),
  Workflow: (element) => element.attribute('WorkflowId'),
  WebResource: (element) => element.element('WebResourceId')?.text,
  Dashboard: (element) => element.element('FormId')?.text,
  PluginAssembly: (element) => element.attribute('PluginAssemblyId'),
  SdkMessageProcessingStep: (element) => element.attribute('SdkMessageProcessingStepId'),
}

/** Copied files keep the id of their original, and the import then changes one component twice. */
export function* duplicateIds(source: SourceUnderCheck): Iterable<Problem> {
  const seen = new Map<string, string>()
  for (const file of source.xmlFiles) {
    // The managed form of a component has the id of the unmanaged one.
    if (file.endsWith('_managed.xml')) continue
    const root = source.document(file)?.root
    if (!root) continue
    for (const element of [root, ...root.elements()]) {
      const id = idsByElement[element.name]?.(element)?.replace(/[{}]/g, '').toLowerCase()
      if (id === undefined || id === '') continue
      const key = `${element.name} ${id}`
      const other = seen.get(key)
      if (other === undefined) seen.set(key, file)
      else yield problemAt(element, `It has the same id (${id}) as ${other}. Give the copy an id of its own.`)
    }
  }
}
