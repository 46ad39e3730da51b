import { createHash } from 'node:crypto'
import type { Fact } from '../facts/fact.ts'
import { textFact } from '../facts/text-fact.ts'
import { xmlFacts } from '../facts/xml-facts.ts'
import { counted } from '@dsa/user-error'
import { sizeOfText } from '../facts/words.ts'
import { ANY_ROW_RULES } from '../kinds/rows.ts'
import { lfsPointer } from '../../unreadable/lfs-pointer.ts'
import { parseXml } from '../../xml/index.ts'

/** A file of a component as a whole: a text by its lines, anything else by its size. */
export function contentFacts(path: string, bytes: Uint8Array): Fact[] {
  const key = `content ${extensionOf(path)}`
  const pointer = lfsPointer(bytes)
  if (pointer !== undefined) {
    const shown = `${counted(pointer.size, 'byte')} in Git LFS`
    return [{ key, label: 'Content', path: '', raw: pointer.id, shown }]
  }
  const text = textOf(bytes)
  const elements = text?.trimStart().startsWith('<') === true ? elementFacts(path, bytes) : undefined
  if (elements !== undefined)
    return [{ key, label: 'Content', path: '', facts: elements, isPart: true, shown: sizeOfText(text ?? '') }]
  if (text !== undefined) return [textFact(key, 'Content', '', text)]
  return [
    {
      key,
      label: 'Content',
      path: '',
      raw: createHash('sha256').update(bytes).digest('hex'),
      shown: counted(bytes.length, 'byte'),
    },
  ]
}

/** XML by its elements; pages and drawings are read as text, since a person reads them so. */
function elementFacts(path: string, bytes: Uint8Array): Fact[] | undefined {
  if (!/\.(?:xml|xsl|rdl|resx)$/i.test(path)) return undefined
  try {
    return xmlFacts(parseXml(bytes, path).root, { rules: ANY_ROW_RULES, language: '' })
  } catch {
    return undefined
  }
}

/** The last ending, in lower case; of `data` none. */
function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
