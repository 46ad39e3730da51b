import { compareCulture } from '../culture-order.ts'
import type { FileSet } from '../source-tree.ts'
import { parseXml } from '../xml/index.ts'
import { cultureOf, languageCodeOf } from './languages.ts'
import { type Label, labelsOf } from './labels.ts'
import { writeResx } from './resx.ts'

export interface ResourceOptions {
  /** A file for each language of the solution. */
  readonly localize: boolean
  /** One neutral file: `auto` for the language of the solution, else a number or culture name. */
  readonly localeTemplate?: string | undefined
  /** Names files by number instead of by culture. */
  readonly useLcid: boolean
  readonly sourceFile: string
  readonly packageType: string
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
  const labels: Label[] = []
  const languages = new Set<number>()
  let solutionLanguage = 1033
  for (const path of made) {
    const document = parseXml(files.get(path) ?? new Uint8Array(), path)
    if (path === 'Other/Customizations.xml') {
      for (const { text } of document.root.descendants('Language'))
        if (/^\d+$/.test(text)) languages.add(Number(text))
      continue
    }
    if (path === 'Other/Solution.xml') {
      solutionLanguage = Number(document.root.attribute('languagecode') ?? solutionLanguage)
      languages.add(solutionLanguage)
    }
    labels.push(...labelsOf(path, document))
  }
  for (const { elements } of labels) for (const code of elements.keys()) languages.add(code)
  const sorted = labels.toSorted((a, b) => compareCulture(a.key, b.key))

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

const isAuto = (template: string): boolean => template.toLowerCase() === 'auto'
