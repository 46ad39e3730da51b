import { isAllowedCodePoint, isName, isSpace } from './characters.ts'
import { isPredefinedEntity } from './escape.ts'
import type { XmlLimits } from './limits.ts'
import { LinePositions } from './line-positions.ts'
import { toRaw } from './raw-text.ts'
import { XmlError } from './xml-error.ts'

/**
 * Takes the document type out of a document and writes out the internal entities that it declares, so that what
 * comes after need not know of either. Nothing outside the document is ever read.
 * @returns the text from the document type on, without it
 * @throws XmlError for external entities and subsets, and when entities add more than the limit
 */
export function resolveDocumentType(text: string, start: number, label: string, limits: XmlLimits): string {
  const declared = new DocumentType(text, start, label)
  const entities = declared.read()
  const rest = text.slice(declared.at)
  return entities.size === 0 ? rest : new Expansion(entities, label, limits).document(rest)
}

const EXTERNAL = 'refers to something outside of it, which is never read; put it into the document'

class DocumentType {
  at: number
  readonly #text: string
  readonly #start: number
  readonly #label: string
  readonly #entities = new Map<string, string>()

  constructor(text: string, start: number, label: string) {
    this.#text = text
    this.#start = start
    this.#label = label
    this.at = start + '<!DOCTYPE'.length
  }

  /** Reads up to the end of the document type and returns the replacement texts of its entities by name. */
  read(): ReadonlyMap<string, string> {
    const head = /^\s+([^\s>[]+)\s*/.exec(this.#text.slice(this.at, this.at + 1024))
    if (head?.[1] === undefined || !isName(head[1])) this.#fail('the document type has no name')
    this.at += head[0].length
    if (/^(?:SYSTEM|PUBLIC)\s/.test(this.#text.slice(this.at, this.at + 7)))
      this.#fail(`the document type ${EXTERNAL}`)
    if (this.#text[this.at] === '[') {
      this.at++
      this.#subset()
      this.#space()
    }
    if (this.#text[this.at] !== '>') this.#fail('the document type is not closed')
    this.at++
    return this.#entities
  }

  #subset(): void {
    for (;;) {
      this.#space()
      const rest = this.#text.slice(this.at, this.at + 10)
      if (rest.startsWith(']')) {
        this.at++
        return
      }
      if (rest.startsWith('<!--')) this.#skipTo('-->')
      else if (rest.startsWith('<?')) this.#skipTo('?>')
      else if (/^<!ENTITY\s/.test(rest)) this.#entity()
      else if (/^<!(?:ELEMENT|ATTLIST|NOTATION)/.test(rest)) this.#markup()
      else this.#fail('the document type holds something that is no declaration')
    }
  }

  #entity(): void {
    const end = this.#markup()
    const source = this.#text.slice(end.start, this.at)
    const internal = /^<!ENTITY\s+([^\s%"'>]+)\s+(?:"([^"]*)"|'([^']*)')\s*>$/.exec(source)
    const name = internal?.[1]
    if (name === undefined || !isName(name)) {
      const external = /^<!ENTITY\s+(?:%\s+)?\S+\s+(?:SYSTEM|PUBLIC)\s/.test(source)
      if (external) this.#fail(`an entity ${EXTERNAL}`, end.start)
      this.#fail('an entity declaration is not a name with a text', end.start)
    }
    // The first declaration counts; the five that XML brings along stay what they are.
    if (this.#entities.has(name) || isPredefinedEntity(name)) return
    const value = internal?.[2] ?? internal?.[3] ?? ''
    if (/%/.test(value)) this.#fail(`the entity ${name} uses a parameter entity`, end.start)
    const resolved = value.replace(
      /&#(?:x([0-9a-fA-F]+)|([0-9]+));/g,
      (whole, hex?: string, decimal?: string) => {
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
        return isAllowedCodePoint(code) ? String.fromCodePoint(code) : whole
      },
    )
    this.#entities.set(name, resolved)
  }

  #markup(): { readonly start: number } {
    const start = this.at
    this.at = tagEnd(this.#text, start)
    if (this.at < 0) this.#fail('a declaration is not closed', start)
    return { start }
  }

  #skipTo(end: string): void {
    const at = this.#text.indexOf(end, this.at)
    if (at < 0) this.#fail('the document type is not closed')
    this.at = at + end.length
  }

  #space(): void {
    while (isSpace(this.#text.charCodeAt(this.at))) this.at++
  }

  #fail(problem: string, offset: number = this.#start): never {
    throw new XmlError(
      this.#label,
      problem,
      new LinePositions(toRaw(this.#text)).at(Buffer.byteLength(this.#text.slice(0, offset))),
    )
  }
}

/** The offset after the tag or declaration at an offset, whose quoted parts may hold a ">"; -1 when it has no end. */
function tagEnd(text: string, start: number): number {
  const stop = /["'>]/g
  stop.lastIndex = start
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (match[0] === '>') return stop.lastIndex
    const close = text.indexOf(match[0], stop.lastIndex)
    if (close < 0) return -1
    stop.lastIndex = close + 1
  }
  return -1
}

/** What is left alone, by how it begins, and how it ends. */
const LEFT_ALONE: readonly (readonly [begin: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
]
const REFERENCE = /&([^#;&\s<>]{1,255});/g

class Expansion {
  readonly #entities: ReadonlyMap<string, string>
  readonly #label: string
  readonly #limits: XmlLimits
  #added = 0

  constructor(entities: ReadonlyMap<string, string>, label: string, limits: XmlLimits) {
    this.#entities = entities
    this.#label = label
    this.#limits = limits
  }

  document(text: string): string {
    return this.#replace(text, [])
  }

  #replace(text: string, within: readonly string[]): string {
    const pieces: string[] = []
    const content = (from: number, to: number): void => {
      const replaced = text
        .slice(from, to)
        .replace(REFERENCE, (kept, name: string) => this.#value(kept, name, within, false))
      pieces.push(replaced)
    }
    let done = 0
    for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', done)) {
      content(done, at)
      const alone = LEFT_ALONE.find(([begin]) => text.startsWith(begin, at))
      const end = alone === undefined ? tagEnd(text, at) : text.indexOf(alone[1], at)
      if (end < 0) {
        // Not well-formed; the scanner says so.
        pieces.push(text.slice(at))
        return pieces.join('')
      }
      done = alone === undefined ? end : end + alone[1].length
      const piece = text.slice(at, done)
      pieces.push(
        alone === undefined
          ? piece.replace(REFERENCE, (kept, name: string) => this.#value(kept, name, within, true))
          : piece,
      )
    }
    content(done, text.length)
    return pieces.join('')
  }

  #value(reference: string, name: string, within: readonly string[], inAttribute: boolean): string {
    const text = this.#entities.get(name)
    if (text === undefined) return reference
    if (within.includes(name)) throw new XmlError(this.#label, `the entity ${name} contains itself`)
    if (within.length >= 100) throw new XmlError(this.#label, 'entities are nested more than 100 deep')
    this.#added += text.length
    if (this.#added > this.#limits.entityExpansion) {
      throw new XmlError(this.#label, `its entities add more than ${this.#limits.entityExpansion} characters`)
    }
    const inner = [...within, name]
    if (!inAttribute) return this.#replace(text, inner)
    if (text.includes('<')) throw new XmlError(this.#label, `the entity ${name} brings "<" into an attribute`)
    const value = text.replace(REFERENCE, (kept, nested: string) => this.#value(kept, nested, inner, true))
    return value.replaceAll('"', '&#34;').replaceAll("'", '&#39;')
  }
}
