import type { Fact } from './fact.ts'
import { jsonFacts, parsedJson } from './json-facts.ts'
import { isLong, sizeOfText } from './words.ts'

/** A GUID in braces, as forms are full of, is none. */
const JSON_BEGINS = /^(?:\[|\{\s*["}])/

/**
 * A value that may be long, or hold JSON: JSON is compared by what it says, a long text by its lines. Line ends and
 * white space around it mean nothing.
 */
export function textFact(
  key: string,
  label: string,
  path: string,
  value: string,
  rest: Partial<Fact> = {},
): Fact {
  const raw = value.replaceAll('\r\n', '\n').trim()
  const json = JSON_BEGINS.test(raw) ? parsedJson(raw) : undefined
  if (json !== undefined && rest.quiet === undefined) {
    const facts = jsonFacts(json, path)
    if (facts.length > 0)
      return { key, label, path, isPart: true, facts, shown: sizeOfText(raw), text: raw, ...rest }
    return { key, label, path, raw: '', shown: '', ...rest }
  }
  if (isLong(raw)) return { key, label, path, raw, shown: sizeOfText(raw), text: raw, ...rest }
  return { key, label, path, raw, shown: raw, ...rest }
}
