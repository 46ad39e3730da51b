import { compareCulture } from '../dotnet/culture-order.ts'
import type { FileSet, SourceTree } from '../source-tree.ts'
import { parseXml, type XmlDocument } from '../xml/index.ts'
import { cultureOf, languageCodeOf } from './languages.ts'
import type { Label } from './labels.ts'
import { writeResx } from './resx.ts'
import { keptKeys } from './kept-keys.ts'
import { isOfFrame, treeLabels } from './tree-labels.ts'

export interface ResourceOptions {
  /** A file for each language of the solution. */
  readonly localize: boolean
  /** One neutral file: `auto` for the language of the solution, else a number or culture name. */
  readonly localeTemplate?: string | undefined
  /** Names files by number instead of by culture. */
  readonly useLcid: boolean
  readonly sourceFile: string
  readonly packageType: string
  /** The folder as it is; keys that another tool wrote to its resource files are kept. */
  readonly present?: SourceTree
}

export interface ExtractedResources {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly warnings: readonly string[]
}

/**
 * Writes the labels of a tree to .resx files. The XML keeps all of them.
 *
 * @param made paths of the XML files that hold labels
 * @throws SolutionError when `localeTemplate` is no language
 */
export function extractResources(
  files: FileSet,
  made: Iterable<string>,
  options: ResourceOptions,
): ExtractedResources {
  const template = options.localeTemplate
  const templateCode = template === undefined || isAuto(template) ? undefined : languageCodeOf(template)
  const isMade = new Set(made)
  const tree: SourceTree = {
    // What lies in component folders is copied, and has labels as well.
    paths: [...files.keys()].filter((path) => isMade.has(path) || !isOfFrame(path)),
    read: (path) => files.get(path) ?? new Uint8Array(),
  }
  const solutionLanguage = Number(documentOf(tree, 'Solution')?.root.attribute('languagecode') ?? 1033)
  const languages = new Set([solutionLanguage, ...declaredLanguages(tree)])
  // The managed form of a component has the labels of the unmanaged one.
  const labels = new Map<string, Label>()
  for (const file of treeLabels(tree)) {
    for (const label of file.labels) {
      if (!labels.has(label.key)) labels.set(label.key, label)
      for (const code of label.elements.keys()) languages.add(code)
    }
  }
  const kept = options.present === undefined ? new Map() : keptKeys(options.present, labels.values())
  const sorted = [...labels.values()]
    .map((label): Label => ({ ...label, key: kept.get(label.key) ?? label.key }))
    .toSorted((a, b) => compareCulture(a.key, b.key))

  const resources = new Map<string, Uint8Array>()
  const warnings: string[] = []
  const write = (path: string, languageCode: number): void => {
    const entries = sorted.map(({ key, comment, elements }) => ({
      key,
      comment,
      value: elements.get(languageCode)?.attribute('description') ?? '',
    }))
    resources.set(path, writeResx({ ...options, languageCode, entries }))
  }
  if (options.localize) {
    for (const code of [...languages].toSorted((a, b) => a - b)) {
      const name = options.useLcid ? String(code) : cultureOf(code)
      write(`Resources/${name}/resources.${name}.resx`, code)
    }
  }
  if (template !== undefined) {
    const code = templateCode ?? solutionLanguage
    if (languages.has(code)) write('Resources/template_resources.resx', code)
    else
      warnings.push(
        `The solution has no texts in ${template} (${code}), so no template of resources is written.`,
      )
  }
  return { files: resources, warnings }
}

function declaredLanguages(tree: SourceTree): readonly number[] {
  const elements = documentOf(tree, 'Customizations')?.root.descendants('Language') ?? []
  return elements.filter(({ text }) => /^\d+$/.test(text)).map(({ text }) => Number(text))
}

/** One of the documents of a tree, which lacks both when only components of one kind were unpacked. */
function documentOf(tree: SourceTree, name: 'Solution' | 'Customizations'): XmlDocument | undefined {
  const path = `Other/${name}.xml`
  return tree.paths.includes(path) ? parseXml(tree.read(path), path) : undefined
}

function isAuto(template: string): boolean {
  return template.toLowerCase() === 'auto'
}
