import { createHash } from 'node:crypto'

export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && GUID.test(text)
}

/** Without braces and in lower case, as the Web API writes it; `undefined` when it is no guid. */
export function normalizeGuid(text: string | undefined): string | undefined {
  const bare = text
    ?.trim()
    .replace(/^\{|\}$/g, '')
    .toLowerCase()
  return isGuid(bare) ? bare : undefined
}

/** A guid that is the same for the same words: metadata ids are not part of a solution archive. */
export function stableGuid(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
