import { counted } from '@dsa/user-error'

/** Names that were met: a tree has few, many times each. A hostile one has many, so the table is emptied. */
const met = new Map<string, string>()
const MOST_MET = 5000

/** `IsAuditEnabled`, `@schemaName`, `parent_entity` → `Is audit enabled`, `Schema name`, `Parent entity`. */
export function humanized(name: string): string {
  const known = met.get(name)
  if (known !== undefined) return known
  if (met.size >= MOST_MET) met.clear()
  const words = spoken(name)
  met.set(name, words)
  return words
}

function spoken(name: string): string {
  const words = name
    .replace(/^@|^\w+:/, '')
    .replaceAll(/[_\-.]+/g, ' ')
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .trim()
    .split(/\s+/)
    .map((word) => (/^\p{Lu}\p{Ll}/u.test(word) ? word.toLowerCase() : word))
    .join(' ')
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1)
}

/** Lower case and without braces, as a report writes ids. */
export function plainId(id: string): string {
  return id
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .toLowerCase()
}

/** Longer values are shown by their size, with the lines that differ. */
const SHORT = 160

export function isLong(text: string): boolean {
  return text.length > SHORT || text.includes('\n')
}

/** `1 line`, `12 lines`; of a text in one line its length. */
export function sizeOfText(text: string): string {
  const lines = text.split('\n').length
  return lines > 1 ? `${lines} lines` : counted(text.length, 'character')
}
