import { rawNameEnd } from './characters.ts'
import { attributeValue } from './escape.ts'
import { NamespaceScope } from './namespace-scope.ts'
import { fromRaw, type RawText } from './raw-text.ts'

const COLON = 58
/** Attributes of a tag that are compared each with each. */
const FEW = 8

/** Checks what the names in tags must be, by the rules of Namespaces in XML 1.0. */
export class TagNames {
  readonly #text: RawText
  readonly #failAt: (problem: string, offset: number) => never
  readonly #scope = new NamespaceScope()

  constructor(text: RawText, failAt: (problem: string, offset: number) => never) {
    this.#text = text
    this.#failAt = failAt
  }

  /** Ends the element at `depth`. */
  leave(depth: number): void {
    this.#scope.leave(depth)
  }

  /**
   * Checks a tag whose names have no prefix, declare none, and are ASCII.
   * @param attributes four offsets each: where name and value begin and end
   * @param count of the attributes that belong to the tag
   * @returns whether a default namespace gives the element another name than it seems to have
   */
  enterPlain(attributes: readonly number[], count: number): boolean {
    if (count > 1) this.#refuseDuplicates(attributes, count)
    return this.#scope.hasDefault
  }

  /**
   * Checks the names of a tag and brings its namespace declarations into force.
   * @returns whether a default namespace gives the element another name than it seems to have
   */
  enter(
    nameStart: number,
    named: number,
    depth: number,
    attributes: readonly number[],
    count: number,
  ): boolean {
    const text = this.#text
    let prefixed = 0
    for (let i = 0; i < 4 * count; i += 4) {
      const start = attributes[i] ?? 0
      const end = attributes[i + 1] ?? 0
      const colon = this.#colon(start, end)
      const declares = text.startsWith('xmlns', start) && (colon === start + 5 || end === start + 5)
      if (declares) {
        const uri = attributeValue(text.slice(attributes[i + 2], attributes[i + 3]))
        const problem = this.#scope.declare(depth, colon < 0 ? '' : text.slice(colon + 1, end), uri)
        if (problem !== undefined) this.#fail(problem, start)
      } else if (colon >= 0) prefixed++
    }
    if (count > 1) {
      this.#refuseDuplicates(attributes, count)
      if (prefixed > 0) this.#refuseExpandedDuplicates(attributes, count)
    } else if (prefixed > 0) this.#uri(attributes[0] ?? 0, attributes[1] ?? 0)
    const colon = this.#colon(nameStart, named)
    if (colon >= 0) {
      if (this.#uri(nameStart, named) === this.#scope.uri('xmlns'))
        this.#fail('an element has the prefix xmlns', nameStart)
      return false
    }
    return this.#scope.hasDefault
  }

  #refuseDuplicates(attributes: readonly number[], count: number): void {
    if (count <= FEW) return this.#refuseDuplicateOfFew(attributes, count)
    const text = this.#text
    const seen = new Set<string>()
    for (let i = 0; i < 4 * count; i += 4) {
      const start = attributes[i] ?? 0
      const name = text.slice(start, attributes[i + 1])
      if (seen.has(name)) this.#fail(`the attribute ${fromRaw(name)} stands twice in a tag`, start)
      seen.add(name)
    }
  }

  /** Two prefixes may stand for one namespace. */
  #refuseExpandedDuplicates(attributes: readonly number[], count: number): void {
    const text = this.#text
    const expanded = new Set<string>()
    for (let i = 0; i < 4 * count; i += 4) {
      const start = attributes[i] ?? 0
      const end = attributes[i + 1] ?? 0
      const colon = text.slice(start, end).indexOf(':')
      if (colon < 0) continue
      const name = `{${this.#uri(start, end)}}${text.slice(start + colon + 1, end)}`
      if (expanded.has(name))
        this.#fail(`the attribute ${fromRaw(text.slice(start, end))} stands twice in a tag`, start)
      expanded.add(name)
    }
  }

  /** Letter by letter, which for a few is faster than to cut out their names. */
  #refuseDuplicateOfFew(attributes: readonly number[], count: number): void {
    const text = this.#text
    for (let i = 4; i < 4 * count; i += 4) {
      const start = attributes[i] ?? 0
      const length = (attributes[i + 1] ?? 0) - start
      for (let j = 0; j < i; j += 4) {
        const other = attributes[j] ?? 0
        if ((attributes[j + 1] ?? 0) - other !== length) continue
        let at = 0
        while (at < length && text.charCodeAt(start + at) === text.charCodeAt(other + at)) at++
        if (at < length) continue
        this.#fail(`the attribute ${fromRaw(text.slice(start, start + length))} stands twice in a tag`, start)
      }
    }
  }

  /** The namespace of a name with a prefix. */
  #uri(start: number, end: number): string {
    const name = this.#text.slice(start, end)
    const prefix = name.slice(0, name.indexOf(':'))
    return this.#scope.uri(prefix) ?? this.#fail(`the prefix '${fromRaw(prefix)}' is not declared`, start)
  }

  /** The offset of the colon in a name, or -1. */
  #colon(start: number, end: number): number {
    const text = this.#text
    let at = start
    while (at < end && text.charCodeAt(at) !== COLON) at++
    if (at === end) return -1
    const local = text.slice(at + 1, end)
    if (at === start || rawNameEnd(local, 0) !== local.length || local === '' || local.includes(':')) {
      this.#fail(`${fromRaw(text.slice(start, end))} is no name with one prefix`, start)
    }
    return at
  }

  #fail(problem: string, offset: number): never {
    return this.#failAt(problem, offset)
  }
}
