import type { Archive } from '../look/archive.ts'
import type { GivenSettings } from './settings-sources.ts'

/**
 * The settings that count for one archive of a run: all but those of another archive of it, which travel with that one.
 * What none of them defines may be in the environment already.
 */
export function settingsFor(
  archive: Archive | undefined,
  given: GivenSettings,
  archives: readonly Archive[],
): GivenSettings {
  if (archive === undefined || archives.length < 2) return given
  const own = namesIn(archive)
  const others = new Set(archives.filter((one) => one !== archive).flatMap((one) => [...namesIn(one)]))
  const counts = (name: string): boolean => own.has(name.toLowerCase()) || !others.has(name.toLowerCase())
  return {
    environmentVariables: given.environmentVariables.filter(({ schemaName }) => counts(schemaName)),
    connectionReferences: given.connectionReferences.filter(({ logicalName }) => counts(logicalName)),
  }
}

function namesIn({ variables, connectionReferences }: Archive): ReadonlySet<string> {
  const names = [...variables.map(({ schemaName }) => schemaName), ...connectionReferences]
  return new Set(names.map((name) => name.toLowerCase()))
}
