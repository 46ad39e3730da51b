import type { KeptArchives } from './kept-archives.ts'
import { openPackage, openZip } from '@dsa/solution-package'
import { zipOf } from './zip.ts'
import type { Environment } from '../../environment.ts'

export function keepArchives(environment: Environment, uniqueName: string, archives: KeptArchives): void {
  environment.store.archives.put(uniqueName.toLowerCase(), archives)
}

export function archivesOf(environment: Environment, uniqueName: string): KeptArchives {
  return environment.store.archives.get(uniqueName.toLowerCase()) ?? {}
}

export function dropArchive(environment: Environment, uniqueName: string): void {
  environment.store.archives.remove(uniqueName.toLowerCase())
}

export function renameArchive(environment: Environment, from: string, to: string): void {
  const kept = archivesOf(environment, from)
  dropArchive(environment, from)
  keepArchives(environment, to, kept)
}

export interface ManifestEdits {
  readonly version?: string
  readonly managed?: boolean
  readonly friendlyName?: string
  /** The whole `RootComponents` element. */
  readonly rootComponents?: string
}

/**
 * The archive with another version or kind in its solution.xml; every other byte of every file stays as it is.
 * Without a change the very same bytes come back.
 */
export async function editArchive(bytes: Uint8Array, edits: ManifestEdits): Promise<Uint8Array> {
  const entries = openZip(bytes)
  const path = openPackage(entries).find('solution.xml') ?? 'solution.xml'
  const entry = entries.find(({ name }) => name.toLowerCase() === path.toLowerCase())
  if (entry === undefined) return bytes
  const before = Buffer.from(entry.read()).toString('utf8')
  const after = editManifest(before, edits)
  if (after === before) return bytes
  return zipOf(
    entries
      .filter(({ name }) => !name.endsWith('/'))
      .map((item) => ({ path: item.name, bytes: item === entry ? Buffer.from(after) : item.read() })),
  )
}

function editManifest(xml: string, { version, managed, rootComponents }: ManifestEdits): string {
  let edited = xml
  if (version !== undefined)
    edited = edited.replace(/<Version>[^<]*<\/Version>/, `<Version>${version}</Version>`)
  if (managed !== undefined)
    edited = edited.replace(/<Managed>[^<]*<\/Managed>/, `<Managed>${managed ? 1 : 0}</Managed>`)
  if (rootComponents !== undefined)
    edited = edited.replace(
      /<RootComponents\s*\/>|<RootComponents>[\s\S]*?<\/RootComponents>/,
      () => rootComponents,
    )
  return edited
}
