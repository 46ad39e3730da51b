import type { RootComponent } from '../../manifest.ts'
import {
  componentsWithoutRoot,
  rootComponentName,
  rootsWithoutComponent,
} from '../../pack/root-components.ts'
import { rootTypeOf } from '../../model/kind-of.ts'
import { manifestElement } from '../../sources/xml/solution-xml.ts'
import type { XmlElement } from '../../xml/index.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'
import { rootsWithoutDefinition } from './components-in-folders.ts'
import { leftOutByExport } from './left-out-by-export.ts'

const solutionPath = 'Other/Solution.xml'

/** Only kinds that the table maps to a file: there is nothing to look for of any other. */
export function* rootComponentsWithoutFile(source: SourceUnderCheck): Iterable<Problem> {
  const reasonFor = leftOutByExport(source)
  for (const { root, place } of missingFiles(source)) {
    if (reasonFor(root) === undefined)
      yield place(
        `${described(root)} has no file in the folder. Restore its files, or remove the RootComponent.`,
      )
  }
}

/** What an export lists and does not write. */
export function* rootComponentsLeftOut(source: SourceUnderCheck): Iterable<Problem> {
  const reasonFor = leftOutByExport(source)
  for (const { root, place } of missingFiles(source)) {
    const reason = reasonFor(root)
    if (reason !== undefined) {
      yield place(
        `${described(root)} has no file in the folder: ${reason}. If it was deleted by hand, restore it.`,
      )
    }
  }
}

/** What taking both sides of a merge leaves behind. */
export function* rootComponentsTwice(source: SourceUnderCheck): Iterable<Problem> {
  const seen = new Map<string, XmlElement>()
  const elements = rootComponentElements(source)
  for (const [i, root] of source.manifest.rootComponents.entries()) {
    const element = elements[i]
    if (element === undefined) continue
    const key = identityOf(element)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, element)
    else {
      yield problemAt(
        element,
        `${described(root)} is listed twice, in line ${first.position.line} as well. Remove one of the lines.`,
      )
    }
  }
}

/** All that a root component is known by; how much of it is included does not make it another one. */
function identityOf(element: XmlElement): string {
  return element.attributes
    .filter(({ name }) => name !== 'behavior')
    .map(({ name, value }) => `${name}=${value.replace(/^\{(.*)\}$/, '$1').toLowerCase()}`)
    .toSorted()
    .join('\n')
}

interface MissingFile {
  readonly root: RootComponent
  readonly place: (message: string) => Problem
}

function missingFiles(source: SourceUnderCheck): readonly MissingFile[] {
  const { components, manifest } = source
  if (components === undefined) return []
  const elements = rootComponentElements(source)
  const elementOf = new Map(manifest.rootComponents.map((root, i) => [root, elements[i]]))
  const missing = [
    ...rootsWithoutComponent(components, manifest.rootComponents),
    ...rootsWithoutDefinition(source),
  ]
  return missing.map((root) => {
    const element = elementOf.get(root)
    return {
      root,
      place: (message) => (element ? problemAt(element, message) : { file: solutionPath, message }),
    }
  })
}

/** The elements of the root components, in the order of the manifest. */
function rootComponentElements(source: SourceUnderCheck): readonly XmlElement[] {
  const document = source.document(solutionPath)
  return (document && manifestElement(document).element('RootComponents')?.elements()) ?? []
}

function described(root: RootComponent): string {
  return `The root component ${rootComponentName(root)} (type ${root.type})`
}

export function* filesWithoutRootComponent({ components, manifest }: SourceUnderCheck): Iterable<Problem> {
  for (const { path, kind, names } of componentsWithoutRoot(components ?? [], manifest.rootComponents)) {
    yield {
      file: path,
      message: `${names.join(' or ')} is not listed in RootComponents of ${solutionPath}. Add <RootComponent type="${rootTypeOf(kind)}" …>, or remove the file.`,
    }
  }
}
