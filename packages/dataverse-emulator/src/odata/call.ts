import type { Row } from '../store/row.ts'
import type { MetadataLevel } from './media-type.ts'
import type { Environment } from '../environment.ts'

/** What a handler knows about the request that it works for. */
export interface Call {
  readonly environment: Environment
  /** The row of the application user or user who asks. */
  readonly user: Row
  /** `v9.2`, as the request named it. */
  readonly version: string
  /** `http://127.0.0.1:PORT/api/data/v9.2/` */
  readonly root: string
  readonly headers: Readonly<Record<string, string>>
  readonly preferences: Preferences
  readonly metadata: MetadataLevel
  /** Milliseconds since 1970. */
  readonly now: number
  /** Parameter aliases of the query: `@p1` to its literal. */
  readonly aliases: ReadonlyMap<string, string>
}

export interface Preferences {
  readonly returnRepresentation: boolean
  readonly returnMinimal: boolean
  readonly maxPageSize?: number
  readonly continueOnError: boolean
  readonly respondAsync: boolean
  /** Patterns of `odata.include-annotations`; empty when none were asked for. */
  readonly annotations: readonly string[]
}

/** Reads `Prefer`, whose preferences are joined with commas and may quote their values. */
export function readPreferences(header: string | undefined): Preferences {
  const wanted = new Map<string, string>()
  for (const match of (header ?? '').matchAll(/([\w.-]+)\s*(?:=\s*("[^"]*"|[^,;]*))?\s*(?:[,;]|$)/g)) {
    const name = match[1]?.toLowerCase() ?? ''
    if (name !== '') wanted.set(name, (match[2] ?? '').replaceAll('"', '').trim())
  }
  const size = Number(wanted.get('odata.maxpagesize') ?? wanted.get('maxpagesize'))
  const annotations = wanted.get('odata.include-annotations') ?? wanted.get('include-annotations')
  return {
    returnRepresentation: wanted.get('return') === 'representation',
    returnMinimal: wanted.get('return') === 'minimal',
    ...(Number.isInteger(size) && size > 0 ? { maxPageSize: size } : {}),
    continueOnError: wanted.has('odata.continue-on-error') || wanted.has('continue-on-error'),
    respondAsync: wanted.has('respond-async'),
    annotations: annotations === undefined ? [] : annotations.split(',').map((item) => item.trim()),
  }
}

/** Whether an annotation was asked for: `*`, `OData.*`, a full name; a leading `-` takes out. */
export function wantsAnnotation(preferences: Preferences, name: string): boolean {
  let wanted = false
  for (const pattern of preferences.annotations) {
    const bare = pattern.replace(/^[-]/, '')
    const matches =
      bare === '*' || bare === name || (bare.endsWith('.*') && name.startsWith(bare.slice(0, -1)))
    if (matches) wanted = !pattern.startsWith('-')
  }
  return wanted
}
