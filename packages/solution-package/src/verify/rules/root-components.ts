import { KINDS } from '../../components/kinds.ts'
import type { RootComponent } from '../../manifest.ts'
import {
  componentsWithoutRoot,
  rootComponentName,
  rootsWithoutComponent,
} from '../../pack/root-components.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const solutionPath = 'Other/Solution.xml'

/** Only kinds that the table maps to a file: there is nothing to look for of any other. */
export function rootComponentsWithoutFile(source: SourceUnderCheck): Iterable<Problem> {
  return missingFiles(
    source,
    (root) => !mayHaveNoFile(root),
    'Restore its files, or remove the RootComponent.',
  )
}

/**
 * An export leaves out processes that nobody changed, business process flows among them, and of a table that is
 * included as a shell only it may write nothing, yet both stay in RootComponents.
 */
export function rootComponentsLeftOut(source: SourceUnderCheck): Iterable<Problem> {
  return missingFiles(
    source,
    mayHaveNoFile,
    'Exports leave such components out; if it was deleted by hand, restore it.',
  )
}

const shellOnly = '2'
const typesThatAreLeftOut = new Set(
  KINDS.flatMap((kind) => ('skip' in kind && kind.skip ? [kind.rootComponent?.type] : [])),
)

const mayHaveNoFile = ({ type, behavior }: RootComponent): boolean =>
  behavior === shellOnly || typesThatAreLeftOut.has(type)

function* missingFiles(
  source: SourceUnderCheck,
  isMeant: (root: RootComponent) => boolean,
  advice: string,
): Iterable<Problem> {
  const { components, manifest } = source
  if (components === undefined) return
  const elements = source.document(solutionPath)?.root.descendants('RootComponent') ?? []
  for (const root of rootsWithoutComponent(components, manifest.rootComponents)) {
    if (!isMeant(root)) continue
    const message = `The root component ${rootComponentName(root)} (type ${root.type}) has no file in the folder. ${advice}`
    const element = elements[manifest.rootComponents.indexOf(root)]
    yield element ? problemAt(element, message) : { file: solutionPath, message }
  }
}

export function* filesWithoutRootComponent({ components, manifest }: SourceUnderCheck): Iterable<Problem> {
  for (const { path, kind, names } of componentsWithoutRoot(components ?? [], manifest.rootComponents)) {
    yield {
      file: path,
      message: `${names.join(' or ')} is not listed in RootComponents of ${solutionPath}. Add <RootComponent type="${kind.rootComponent?.type}" …>, or remove the file.`,
    }
  }
}
