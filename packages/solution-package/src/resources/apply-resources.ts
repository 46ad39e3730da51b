import type { SourceTree } from '../source-tree.ts'
import { parseXml, type Replacement, type XmlElement, XmlWriter } from '../xml/index.ts'
import { languageCodeOf } from './languages.ts'
import { labelsOf } from './labels.ts'
import { readResx } from './resx.ts'

const resourcePath = /^Resources\/([^/]+)\/resources\.\1\.resx$/

/** The texts of all resource files of a tree: by key, then by the number of the language. */
function readTranslations(tree: SourceTree): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const translations = new Map<string, Map<number, string>>()
  for (const path of tree.paths) {
    const language = resourcePath.exec(path)?.[1]
    if (language === undefined) continue
    const code = languageCodeOf(language)
    for (const [key, text] of readResx(tree.read(path), path)) {
      translations.set(key, (translations.get(key) ?? new Map<number, string>()).set(code, text))
    }
  }
  return translations
}

/**
 * A tree whose labels are those of its resource files. SolutionPackager 9.1 reads the files when it packs and was
 * never seen to use them; here a changed text reaches the archive, and an empty one changes nothing.
 *
 * @throws XmlError or SolutionError when a resource file cannot be read
 */
export function applyResources(tree: SourceTree): SourceTree {
  const translations = readTranslations(tree)
  if (translations.size === 0) return tree
  return {
    paths: tree.paths,
    read(path) {
      const bytes = tree.read(path)
      return path.endsWith('.xml') && !path.startsWith('Resources/')
        ? translated(path, bytes, translations)
        : bytes
    },
  }
}

function translated(
  path: string,
  bytes: Uint8Array,
  translations: ReadonlyMap<string, ReadonlyMap<number, string>>,
): Uint8Array {
  const document = parseXml(bytes, path)
  const edits = new Map<number, Replacement>()
  for (const { key, elements } of labelsOf(path, document)) {
    const texts = translations.get(key)
    const present = [...elements]
    const last = present.at(-1)?.[1]
    if (!texts || !last) continue
    for (const [code, element] of present) {
      const text = texts.get(code)
      if (text !== undefined && text !== element.attribute('description')) {
        edits.set(element.node, (writer) => writeLabel(writer, element, text))
      }
    }
    const added = [...texts].filter(([code]) => !elements.has(code))
    if (added.length === 0) continue
    const own = edits.get(last.node)
    edits.set(last.node, (writer, element) => {
      if (own) own(writer, element)
      else writeLabel(writer, element, element.attribute('description') ?? '')
      for (const [code, text] of added) writeLabel(writer, element, text, code)
    })
  }
  if (edits.size === 0) return bytes
  const writer = new XmlWriter({ standalone: document.standalone })
  writer.copyDocument(document, edits)
  return writer.finish()
}

function writeLabel(writer: XmlWriter, like: XmlElement, text: string, languageCode?: number): void {
  const changes: Record<string, string> = {
    description: text,
    ...(languageCode !== undefined && { languagecode: String(languageCode) }),
  }
  writer.empty(
    like.name,
    like.attributes.map(({ name, value }) => ({ name, value: changes[name] ?? value })),
  )
}
