import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type ParsedNode,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { isName, isXmlText, type Position } from '../../../xml/index.ts'
import { CONFLICT, conflictLine } from '../../../unreadable/merge-conflict.ts'
import { type ElementText, ElementTextBuilder } from './element-text.ts'
import { XSI } from './namespace.ts'
import { YamlError } from './yaml-error.ts'

/** Git integration takes no file above 17 MB. */
const MOST_BYTES = 64 * 1024 ** 2
const MOST_LEVELS = 200

/**
 * Reads a file in any style of YAML, and says of what is not allowed where it stands: all values are text, so nothing is
 * guessed; a key twice, anchors, aliases and tags are errors.
 *
 * @param level how deep the element stands in the document that it becomes a part of
 * @throws YamlError at the first thing that is wrong
 */
export function readAnyStyle(bytes: Uint8Array, label: string, level: number): ElementText {
  return new Reader(label, level).read(bytes)
}

class Reader {
  readonly #label: string
  readonly #builder = new ElementTextBuilder()
  readonly #lines = new LineCounter()

  constructor(label: string, level: number) {
    this.#label = label
    this.#builder.begin(level)
  }

  read(bytes: Uint8Array): ElementText {
    const text = this.#decoded(bytes)
    const root = this.#root(text)
    const [pair, second] = root.items
    if (pair === undefined) this.#fail('holds nothing; an element is expected', root)
    if (second !== undefined)
      this.#fail('a second element stands beside the first; a file holds one', keyOf(second) ?? root)
    const name = this.#key(pair, root)
    if (name.startsWith('@') || name === '#text')
      this.#fail(`'${name}' stands where an element is expected`, pair.key)
    if (isSeq(pair.value)) this.#fail(`'${name}' is a list; a file holds one element`, pair.value)
    this.#element(name, pair.value, pair.key, 0, new Set(['xsi', 'xml']))
    // What names and values there can be, only reading them tells.
    return { ...this.#builder.finish(), nodes: undefined }
  }

  #decoded(bytes: Uint8Array): string {
    if (bytes.length > MOST_BYTES)
      throw new YamlError(this.#label, `is larger than ${MOST_BYTES / 1024 ** 2} MB`, { line: 1, column: 1 })
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (cause) {
      throw new YamlError(this.#label, 'is not UTF-8', { line: lineOfBroken(bytes), column: 1 }, { cause })
    }
  }

  #root(text: string): YAMLMap.Parsed {
    const conflict = conflictLine(Buffer.from(text))
    if (conflict !== undefined) throw new YamlError(this.#label, CONFLICT, { line: conflict, column: 1 })
    const directive = /^%/m.exec(text)
    if (directive !== null) this.#failAt('a directive is not allowed', directive.index, text)
    let documents: readonly Document.Parsed[]
    try {
      const parsed = parseAllDocuments(text, {
        schema: 'failsafe',
        uniqueKeys: true,
        lineCounter: this.#lines,
        logLevel: 'silent',
        prettyErrors: false,
        keepSourceTokens: false,
      })
      documents = Array.isArray(parsed) ? parsed : []
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw this.#tooDeep(cause)
    }
    const [document, second] = documents
    const error = document?.errors[0] ?? document?.warnings[0]
    if (error?.message.startsWith('Maximum call stack') === true) throw this.#tooDeep(error)
    if (error !== undefined) this.#failBy(error)
    if (second !== undefined)
      this.#failAt('a second document begins; a file holds one', second.range[0], text)
    const root = document?.contents
    if (root === undefined || root === null)
      throw new YamlError(this.#label, 'is empty', { line: 1, column: 1 })
    this.#plainNode(root)
    if (!isMap(root)) this.#fail('holds no element', root)
    return root
  }

  /** The library walks down levels by calls within calls. */
  #tooDeep(cause: unknown): YamlError {
    return new YamlError(this.#label, 'has too many levels', { line: 1, column: 1 }, { cause })
  }

  #element(
    name: string,
    value: ParsedNode | null,
    at: Node,
    depth: number,
    prefixes: ReadonlySet<string>,
  ): void {
    if (depth > MOST_LEVELS) this.#fail(`more than ${MOST_LEVELS} levels`, at)
    const line = this.#positionOf(at).line
    if (value !== null) this.#plainNode(value)
    if (value === null || isScalar(value)) {
      this.#checkName(name, at, prefixes)
      this.#start(name, line)
      const text = value === null ? undefined : this.#scalar(value)
      if (text !== undefined) this.#text(text)
      this.#builder.end()
      return
    }
    if (!isMap(value)) this.#fail(`'${name}' is a list within a list`, value)
    const entries = value.items.map((pair) => ({ key: this.#key(pair, value), pair }))
    if (entries.length === 0) this.#fail(`'${name}' is an empty mapping; write nothing, or ''`, value)
    const inScope = new Set(prefixes)
    for (const { key } of entries) if (key.startsWith('@xmlns:')) inScope.add(key.slice('@xmlns:'.length))
    this.#checkName(name, at, inScope)
    this.#start(name, line)
    for (const { key, pair } of entries.filter((entry) => isAttribute(entry.key)))
      this.#attribute(key, pair, inScope)
    for (const { key, pair } of entries.filter((entry) => entry.key === '#text')) {
      if (!isScalar(pair.value)) this.#fail(`'${key}' has no text; write ''`, pair.key)
      this.#plainNode(pair.value)
      this.#text(this.#scalar(pair.value) ?? '')
    }
    for (const { key, pair } of entries) {
      if (isAttribute(key) || key === '#text') continue
      if (isSeq(pair.value)) {
        this.#plainNode(pair.value)
        for (const item of pair.value.items) this.#element(key, item, item, depth + 1, inScope)
      } else this.#element(key, pair.value, pair.key, depth + 1, inScope)
    }
    this.#builder.end()
  }

  #attribute(key: string, pair: Pair<ParsedNode, ParsedNode | null>, prefixes: ReadonlySet<string>): void {
    const { value } = pair
    if (!isScalar(value) || isNull(value))
      this.#fail(`the attribute '${key}' has no text; write ''`, pair.key)
    this.#plainNode(value)
    const name = key.slice(1)
    if (name.startsWith('xmlns:')) {
      if (name === 'xmlns:xsi' && value.value !== XSI)
        this.#fail(`'${key}' is '${String(value.value)}'; it can be ${XSI} only`, value)
      if (!isName(name.slice('xmlns:'.length))) this.#fail(`'${key}' is no name of an attribute`, pair.key)
    } else this.#checkName(name, pair.key, prefixes)
    const [attribute, text] = [name, this.#scalar(value) ?? ''].map((item) => Buffer.from(item))
    if (attribute === undefined || text === undefined) return
    if (this.#builder.attribute(attribute, 0, attribute.length)) this.#builder.value(text, 0, text.length)
  }

  #start(name: string, line: number): void {
    const bytes = Buffer.from(name)
    this.#builder.start(bytes, 0, bytes.length, line)
  }

  #text(text: string): void {
    const bytes = Buffer.from(text)
    this.#builder.text(bytes, 0, bytes.length)
  }

  /** The text of a scalar; undefined for a plain one without anything. */
  #scalar(node: ParsedNode): string | undefined {
    if (!isScalar(node) || isNull(node)) return undefined
    const value = String(node.value)
    if (!isXmlText(value)) this.#fail('a value has a character in it that XML does not allow', node)
    return value
  }

  #key(pair: Pair<ParsedNode, ParsedNode | null>, map: ParsedNode): string {
    const { key } = pair
    if (key === null || !isScalar(key)) this.#fail('a key is no text', key ?? map)
    this.#plainNode(key)
    const text = String(key.value)
    if (text === '') this.#fail('a key is empty', key)
    return text
  }

  #checkName(name: string, at: Node, prefixes: ReadonlySet<string>): void {
    const [prefix = '', local, more] = name.split(':')
    if (!isName(name) || more !== undefined || local === '' || prefix === '')
      this.#fail(`'${name}' is no name of an element or attribute`, at)
    if (local !== undefined && !prefixes.has(prefix))
      this.#fail(`the prefix of '${name}' is not declared`, at)
  }

  /** What YAML can do beyond values has no meaning here, and some of it is a way to attack. */
  #plainNode(node: ParsedNode): void {
    if (isAlias(node)) this.#fail(`an alias is not allowed ('*${node.source}')`, node)
    if (node.anchor !== undefined) this.#fail(`an anchor is not allowed ('&${node.anchor}')`, node)
    if (node.tag !== undefined) this.#fail(`a tag is not allowed ('${node.tag}')`, node)
  }

  #positionOf(node: Node): Position {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  #fail(problem: string, node: Node): never {
    throw new YamlError(this.#label, problem, this.#positionOf(node))
  }

  #failAt(problem: string, offset: number, text: string): never {
    const before = text.slice(0, offset).split('\n')
    throw new YamlError(this.#label, problem, {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    })
  }

  #failBy(error: YAMLError): never {
    const { line, col } = this.#lines.linePos(error.pos[0])
    const problem = PROBLEMS[error.code] ?? error.message.split('\n', 1)[0] ?? ''
    throw new YamlError(
      this.#label,
      problem,
      { line: Math.max(line, 1), column: Math.max(col, 1) },
      { cause: error },
    )
  }
}

/** The commonest slips in our words; the library's are those of a parser. */
const PROBLEMS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_INDENT: 'the indentation fits no key above it',
  DUPLICATE_KEY: 'a key stands here that the same element has before; repeated elements are a list',
  MULTIPLE_DOCS: 'a second document begins; a file holds one',
  TAB_AS_INDENT: 'a tab stands where YAML takes spaces only',
  TAG_RESOLVE_FAILED: 'a tag is not allowed',
}

function isAttribute(key: string): boolean {
  return key.startsWith('@')
}

function keyOf(pair: Pair<ParsedNode, ParsedNode | null>): Node | undefined {
  return pair.key
}

function isNull(node: ParsedNode): boolean {
  return isScalar(node) && node.type === 'PLAIN' && (node.value === null || node.value === '')
}

function lineOfBroken(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes)
  return text.slice(0, Math.max(text.indexOf('\u{fffd}'), 0)).split('\n').length
}
