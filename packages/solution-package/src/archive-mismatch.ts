import { readManifest } from './manifest.ts'
import type { SolutionManifest } from './manifest.ts'
import { openPackage } from './opc/index.ts'
import { compareVersions } from './version.ts'
import { openZip } from './zip/index.ts'

/** What an archive is to be. */
export interface WantedArchive {
  readonly uniqueName: string
  readonly managed: boolean
  readonly version: string
}

/** In words, how an archive differs from what is wanted; `undefined` when it is that. */
export function archiveMismatch(bytes: Uint8Array, wanted: WantedArchive): string | undefined {
  let manifest: SolutionManifest
  try {
    manifest = readManifest(openPackage(openZip(bytes)))
  } catch (error) {
    return `it is no archive of a solution (${error instanceof Error ? error.message : String(error)})`
  }
  const { uniqueName, managed, version } = manifest
  if (uniqueName !== wanted.uniqueName) return `it is the archive of '${uniqueName}'`
  const kind = wanted.managed ? 'Managed' : 'Unmanaged'
  if (managed !== kind && managed !== 'Both') return `it is ${managed.toLowerCase()}`
  return compareVersions(version, wanted.version) === 0 ? undefined : `it has version ${version}`
}
