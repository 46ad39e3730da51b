import type { Fact, QuietReason } from './fact.ts'
import { humanized, isLong, sizeOfText } from './words.ts'

/** Deeper values are compared as text, so that a hostile file cannot exhaust the stack. */
const MAX_DEPTH = 64
/** Members by which the items of an array are told apart, the first that all have. */
const IDENTITIES = ['id', 'name', 'Name', 'key', 'schemaName', '$id'] as const

/** More brackets within each other would exhaust the stack of whatever reads or writes them. */
const MOST_NESTED = 500

/** Undefined for what is no JSON, and for what is nested like no file of a solution. */
export function parsedJson(text: string): object | undefined {
  if (isNested(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function isNested(text: string): boolean {
  let depth = 0
  // Character codes: apps hold such files by the megabyte.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--
    if (depth > MOST_NESTED) return true
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** @param from the quote that opens it */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}

/** Members whose differences mean nothing, wherever they stand. */
export type QuietMembers = Readonly<Record<string, QuietReason>>

/** The members of an object, or the items of an array, as facts. The order of members means nothing. */
export function jsonFacts(value: object, path: string, depth = 0, quiet: QuietMembers = {}): Fact[] {
  if (Array.isArray(value)) return itemFacts(value, path, depth, quiet)
  return Object.entries(value).map(([name, member]) =>
    memberFact(name, member, `${path}/${name}`, depth, quiet),
  )
}

function memberFact(name: string, value: unknown, path: string, depth: number, quiet: QuietMembers): Fact {
  const label = humanized(name)
  const reason = Object.hasOwn(quiet, name) ? quiet[name] : undefined
  if (reason !== undefined) return { key: name, label, path, raw: JSON.stringify(value) ?? '', quiet: reason }
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH)
    return scalarFact(name, label, path, value)
  const facts = jsonFacts(value, path, depth + 1, quiet)
  if (facts.length === 0) return { key: name, label, path, raw: '', shown: '' }
  return withShown({ key: name, label, path, facts, isPart: true }, value)
}

/** What a person reads of a whole object is made when it is asked for, which is seldom. */
function withShown(fact: Omit<Fact, 'shown'>, value: object): Fact {
  let made: string | undefined
  return {
    ...fact,
    get shown() {
      return (made ??= shownOf(value))
    },
  }
}

function scalarFact(key: string, label: string, path: string, value: unknown): Fact {
  const raw = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll('\r\n', '\n')
  return isLong(raw)
    ? { key, label, path, raw, shown: sizeOfText(raw), text: raw }
    : { key, label, path, raw, shown: raw }
}

function itemFacts(items: readonly unknown[], path: string, depth: number, quiet: QuietMembers): Fact[] {
  const identity = IDENTITIES.find((name) => isIdentity(items, name))
  return items.map((item, at) => {
    if (typeof item !== 'object' || item === null || depth >= MAX_DEPTH)
      return { ...scalarFact('item', 'Item', path, item), anonymous: true }
    const id = identity === undefined ? undefined : memberOf(item, identity)
    const facts = jsonFacts(item, `${path}/${id ?? at}`, depth + 1, quiet)
    if (id === undefined)
      return withShown({ key: 'item', label: 'Item', path, facts, isPart: true, anonymous: true }, item)
    return { key: id, label: `Item ${id}`, path: `${path}/${id}`, facts, isPart: true, shown: id }
  })
}

function isIdentity(items: readonly unknown[], name: string): boolean {
  const ids = items.map((item) => memberOf(item, name))
  return !ids.includes(undefined) && new Set(ids).size === ids.length
}

function memberOf(item: unknown, name: string): string | undefined {
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, name)) return undefined
  const value: unknown = Reflect.get(item, name)
  return typeof value === 'string' ? value : undefined
}

function shownOf(value: object): string {
  const text = JSON.stringify(value)
  return isLong(text) ? sizeOfText(JSON.stringify(value, null, 1)) : text
}
