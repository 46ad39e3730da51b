import type { SourceTree } from '../source-tree.ts'
import { XmlError } from '../xml/index.ts'
import { componentKeyPrefix } from './component-labels.ts'
import type { Label } from './labels.ts'
import { languageCodeOf } from './languages.ts'
import { readResx } from './resx.ts'

export const resourcePath = /^Resources\/([^/]+)\/resources\.\1\.resx$/

/** A text of resource files, in its languages. */
interface KnownText {
  readonly comment: string
  readonly byLanguage: Map<number, string>
}

/**
 * The keys that labels of component folders have in resource files which another tool wrote. They are found by the
 * comment, which names the element, and by the texts: all of them, or some, or the only ones that are left.
 *
 * @param tree where the resource files lie; one that is not well-formed is passed over
 * @returns keys in the files by our own
 */
export function keptKeys(tree: SourceTree, labels: Iterable<Label>): ReadonlyMap<string, string> {
  const known = knownTexts(tree)
  const kept = new Map<string, string>()
  if (known.size === 0) return kept
  const open = new Map<string, Label[]>()
  for (const label of labels) {
    // One of our own making needs nothing.
    if (!label.key.startsWith(componentKeyPrefix) || known.delete(label.key)) continue
    open.set(label.comment, [...(open.get(label.comment) ?? []), label])
  }
  for (const [comment, group] of open) {
    const waiting = new Set(group)
    const keys = [...known].filter(([, text]) => text.comment === comment)
    for (const fits of [hasAllTexts, hasSomeText]) {
      for (const label of waiting) {
        const found = keys.findIndex(([, text]) => fits(label, text))
        if (found >= 0) take(label, found)
      }
    }
    const [last] = waiting
    if (last !== undefined && waiting.size === 1 && keys.length === 1) take(last, 0)

    function take(label: Label, index: number): void {
      const [[key] = ['']] = keys.splice(index, 1)
      kept.set(label.key, key)
      waiting.delete(label)
    }
  }
  return kept
}

function textOf(label: Label, code: number): string {
  return label.elements.get(code)?.attribute('description') ?? ''
}

function hasAllTexts(label: Label, { byLanguage }: KnownText): boolean {
  return [...byLanguage].every(([code, text]) => textOf(label, code) === text)
}

function hasSomeText(label: Label, { byLanguage }: KnownText): boolean {
  return [...byLanguage].some(([code, text]) => text !== '' && textOf(label, code) === text)
}

function knownTexts(tree: SourceTree): Map<string, KnownText> {
  const known = new Map<string, KnownText>()
  for (const path of tree.paths) {
    const language = resourcePath.exec(path)?.[1]
    if (language === undefined) continue
    for (const { key, value, comment } of entriesOf(tree, path)) {
      if (!key.startsWith(componentKeyPrefix)) continue
      const text = known.get(key) ?? { comment, byLanguage: new Map<number, string>() }
      known.set(key, text)
      text.byLanguage.set(languageCodeOf(language), value)
    }
  }
  return known
}

function entriesOf(tree: SourceTree, path: string): ReturnType<typeof readResx> {
  try {
    return readResx(tree.read(path), path)
  } catch (error) {
    if (error instanceof XmlError) return []
    throw error
  }
}
