import type { Row } from './row.ts'

/** Text as it is, numbers and booleans as text, everything else as nothing. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The text in a column; empty when there is none. */
export function text(row: Row | undefined, column: string): string {
  return asText(row?.[column])
}
