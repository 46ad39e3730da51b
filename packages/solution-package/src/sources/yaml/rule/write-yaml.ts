import { SolutionError } from '../../../solution-error.ts'
import type { XmlElement } from '../../../xml/index.ts'
import { XSI } from './namespace.ts'

type Value = string | null | readonly Entry[]

interface Entry {
  readonly key: string
  /** The value, or those of all elements of the name; one that is alone is no list. */
  readonly values: readonly Value[]
}

export interface WrittenElement {
  /** Children by their path of names (`EntityInfo/entity/attributes`) that are left out, since files of their own hold them. */
  readonly without?: ReadonlySet<string>
  /** Attributes of the element itself that are left out. */
  readonly withoutAttributes?: ReadonlySet<string>
  /** The order of the children of the element itself. */
  readonly order?: (children: readonly XmlElement[]) => readonly XmlElement[]
  /** What becomes of the text of an element. */
  readonly text?: (element: XmlElement, value: string) => string
}

/**
 * Writes an element as the platform does, with line feeds: attributes first, elements of one name gathered at the place
 * of the first, no value in quotes that can do without.
 *
 * @throws SolutionError at what the platform was not seen to write: a value with a line break, text among elements
 */
export function writeYaml(element: XmlElement, form: WrittenElement = {}): string {
  const writer = new Writer(form)
  return writer.write(element)
}

class Writer {
  readonly #form: WrittenElement

  constructor(form: WrittenElement) {
    this.#form = form
  }

  write(root: XmlElement): string {
    const value = this.#value(root, '', new Set())
    const { withoutAttributes } = this.#form
    const kept =
      withoutAttributes === undefined || value === null || typeof value === 'string'
        ? value
        : value.filter(({ key }) => !withoutAttributes.has(key.slice(1)) || !key.startsWith('@'))
    return entry({ key: root.name, values: [kept] }, '')
  }

  #value(element: XmlElement, path: string, scope: ReadonlySet<string>): Value {
    const { attributes } = element
    const kept = element.elements().filter(({ name }) => this.#form.without?.has(`${path}${name}`) !== true)
    const children = path === '' ? (this.#form.order?.(kept) ?? kept) : kept
    if (attributes.length === 0 && children.length === 0)
      return element.selfClosed ? null : this.#text(element)
    const entries = this.#attributes(element, scope)
    const inScope = new Set(scope)
    for (const { key } of entries) if (key.startsWith('@xmlns:')) inScope.add(key)
    const gathered = new Map<string, Value[]>()
    for (const child of children) {
      const value = this.#value(child, `${path}${child.name}/`, inScope)
      const known = gathered.get(child.name)
      if (known === undefined) gathered.set(child.name, [value])
      else known.push(value)
    }
    for (const [key, values] of gathered) entries.push({ key, values })
    const isText = element.otherNodes().some(({ kind }) => kind === 'text')
    if (isText && gathered.size > 0)
      throw SolutionError.at(
        element,
        `<${element.name}> has text among its elements, which YAML source cannot hold`,
      )
    if (isText) entries.push({ key: '#text', values: [this.#text(element)] })
    return entries
  }

  #attributes(element: XmlElement, scope: ReadonlySet<string>): Entry[] {
    const { attributes } = element
    for (const { value } of attributes) checkValue(element, value)
    const own = new Set(attributes.map(({ name }) => `@${name}`))
    const entries = attributes.map(({ name, value }): Entry => ({ key: `@${name}`, values: [value] }))
    // Each file is a document of its own, so what declares a prefix stands where it is used.
    const usesXsi = attributes.some(({ name }) => name.startsWith('xsi:'))
    if (usesXsi && !own.has('@xmlns:xsi') && !scope.has('@xmlns:xsi'))
      entries.push({ key: '@xmlns:xsi', values: [XSI] })
    return entries
  }

  #text(element: XmlElement): string {
    const value = this.#form.text?.(element, element.text) ?? element.text
    checkValue(element, value)
    return value
  }
}

function entry({ key, values }: Entry, indent: string): string {
  const name = /^[@#]/.test(key) ? `'${key}'` : key
  const [only] = values
  if (values.length === 1 && only !== undefined) return `${indent}${name}:${valueOf(only, indent)}`
  return `${indent}${name}:\n${values.map((value) => item(value, indent)).join('')}`
}

function valueOf(value: Value, indent: string): string {
  if (value === null) return ' \n'
  if (typeof value === 'string') return ` ${scalar(value)}\n`
  return `\n${value.map((inner) => entry(inner, `${indent}  `)).join('')}`
}

function item(value: Value, indent: string): string {
  if (value === null) return `${indent}- \n`
  if (typeof value === 'string') return `${indent}- ${scalar(value)}\n`
  const text = value.map((inner) => entry(inner, `${indent}  `)).join('')
  return `${indent}- ${text.slice(indent.length + 2)}`
}

/** What cannot stand without quotes: an indicator at the beginning, a colon or a hash that would mean something. */
const QUOTED = /^$|^[-?:](?:$| )|^[,[\]{}#&*!|>'"%@`]|: |:$| #|^ | $|^(?:---|\.\.\.)/

function scalar(value: string): string {
  return QUOTED.test(value) ? `'${value.replaceAll("'", "''")}'` : value
}

/** Values of one line, of characters that need no escape: the platform was seen to write no others. */
const KNOWN = /^[\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/

function checkValue(element: XmlElement, value: string): void {
  if (KNOWN.test(value)) return
  const what = /[\r\n]/.test(value) ? 'a line break' : 'a character'
  throw SolutionError.at(
    element,
    `<${element.name}> has ${what} in it of which it is not known how the platform writes it, so it is not written as YAML`,
  )
}
