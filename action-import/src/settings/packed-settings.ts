import type { StagedComponent } from '@dsa/dataverse-client'

/** What an archive brings of one kind. */
interface PackedKind {
  readonly names: readonly string[]
  /** The attributes of the one of that name. */
  get(name: string): StagedComponent['attributes'] | undefined
}

/** What an archive brings that settings are for. */
export interface PackedSettings {
  readonly variables: PackedKind
  readonly values: PackedKind
  readonly references: PackedKind
}

/** @param staged the components of the archive as the service read them */
export function packedSettings(staged: readonly StagedComponent[]): PackedSettings {
  const kind = (type: string, key: string): PackedKind => {
    const all = staged.filter((one) => same(one.type, type) && (one.attributes.get(key) ?? '') !== '')
    return {
      names: all.map(({ attributes }) => attributes.get(key) ?? ''),
      get: (name) => all.find(({ attributes }) => same(attributes.get(key) ?? '', name))?.attributes,
    }
  }
  return {
    variables: kind('environmentvariabledefinition', 'schemaname'),
    values: kind('environmentvariablevalue', 'schemaname'),
    references: kind('connectionreference', 'connectionreferencelogicalname'),
  }
}

/** Names compare without regard to case, as the service does. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
