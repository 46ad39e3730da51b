import type { SourceTree } from '../source-tree.ts'
import { type Replacement, type XmlElement, XmlWriter } from '../xml/index.ts'
import { languageCodeOf } from './languages.ts'
import { keptKeys, resourcePath } from './kept-keys.ts'
import type { Label } from './labels.ts'
import { readResx } from './resx.ts'
import { treeLabels } from './tree-labels.ts'

/** Texts by key, then by the number of the language. */
type Texts = ReadonlyMap<string, ReadonlyMap<number, string>>

/**
 * A tree whose labels are those of its resource files. SolutionPackager 9.1 reads the files when it packs and was
 * never seen to use them; here a changed text reaches the archive, and an empty one changes nothing.
 *
 * @throws XmlError or SolutionError when a resource file cannot be read
 */
export function applyResources(tree: SourceTree): SourceTree {
  const texts = resourceTexts(tree)
  const changed = new Map<string, Uint8Array>()
  if (texts.size > 0) {
    const files = withKeptKeys(tree)
    const changes = changedTexts(texts, files)
    for (const { path, labels } of changes.size === 0 ? [] : files) {
      const bytes = translated(labels, changes, tree.read(path))
      if (bytes) changed.set(path, bytes)
    }
  }
  return {
    paths: tree.paths,
    offers: tree.offers,
    made: tree.made,
    read: (path) => changed.get(path) ?? tree.read(path),
  }
}

interface LabelledFile {
  readonly path: string
  readonly labels: readonly Label[]
}

/** The labels of a tree, with the keys that its resource files have for them. */
function withKeptKeys(tree: SourceTree): readonly LabelledFile[] {
  const files = [...treeLabels(tree)]
  const kept = keptKeys(
    tree,
    files.flatMap(({ labels }) => labels),
  )
  return files.map(({ path, labels }) => ({
    path,
    labels: labels.map((label) => ({ ...label, key: kept.get(label.key) ?? label.key })),
  }))
}

/** What somebody changed in the resource files since they were written: what is not the text of the tree. */
function changedTexts(texts: Map<string, Map<number, string>>, files: readonly LabelledFile[]): Texts {
  const seen = new Set<string>()
  for (const { labels } of files) {
    for (const { key, elements } of labels) {
      // Of a component with a managed form, the text of the unmanaged one is what was written.
      if (seen.has(key)) continue
      seen.add(key)
      const present = texts.get(key)
      for (const [code, element] of elements) {
        if (present?.get(code) === element.attribute('description')) present?.delete(code)
      }
      if (present?.size === 0) texts.delete(key)
    }
  }
  return texts
}

function resourceTexts(tree: SourceTree): Map<string, Map<number, string>> {
  const texts = new Map<string, Map<number, string>>()
  for (const path of tree.paths) {
    const language = resourcePath.exec(path)?.[1]
    if (language === undefined) continue
    const code = languageCodeOf(language)
    for (const { key, value: text } of readResx(tree.read(path), path)) {
      if (text !== '') texts.set(key, (texts.get(key) ?? new Map<number, string>()).set(code, text))
    }
  }
  return texts
}

/** @returns undefined when nothing in the file changes */
function translated(labels: readonly Label[], changes: Texts, before: Uint8Array): Uint8Array | undefined {
  const edits = new Map<number, Replacement>()
  for (const label of labels) {
    const { key, elements } = label
    const texts = changes.get(key)
    const last = [...elements.values()].at(-1)
    if (!texts || !last) continue
    for (const [code, element] of elements) {
      const text = texts.get(code)
      if (text !== undefined) edits.set(element.node, (writer) => writeLabel(writer, element, text))
    }
    keepDefault(label, texts, edits)
    const added = [...texts].filter(([code]) => !elements.has(code))
    if (added.length === 0) continue
    const own = edits.get(last.node)
    edits.set(last.node, (writer, element) => {
      if (own) own(writer, element)
      else writeLabel(writer, element, element.attribute('description') ?? '')
      for (const [code, text] of added) writeLabel(writer, element, text, code)
    })
  }
  const [first] = labels.flatMap(({ elements }) => [...elements.values()])
  if (edits.size === 0 || !first) return undefined
  const { document } = first
  const writer = new XmlWriter({ standalone: document.standalone })
  writer.copyDocument(document, edits)
  const written = writer.finish()
  // What is copied as it is has a declaration only where somebody wrote one.
  const hadNone = !/^(?:\u{feff})?<\?xml/u.test(new TextDecoder().decode(before.subarray(0, 16)))
  return hadNone ? written.subarray(written.indexOf(0x0a) + 1) : written
}

/** A text that a definition repeats as its default stays the same as that one. */
function keepDefault(
  { elements, holder }: Label,
  texts: ReadonlyMap<number, string>,
  edits: Map<number, Replacement>,
): void {
  const repeated = holder?.attribute('default')
  const [code] = [...elements].find(([, element]) => element.attribute('description') === repeated) ?? []
  const text = code === undefined ? undefined : texts.get(code)
  if (holder === undefined || repeated === undefined || text === undefined) return
  const attributes = holder.attributes.map(({ name, value }) => ({
    name,
    value: name === 'default' ? text : value,
  }))
  edits.set(holder.node, (writer) => writer.copyAs(holder, attributes, edits))
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
