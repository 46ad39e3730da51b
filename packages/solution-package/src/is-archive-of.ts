import { readManifest } from './manifest.ts'
import type { PackageType } from './package-type.ts'
import { openPackage } from './opc/index.ts'
import { openZip } from './zip/index.ts'

/** Whether bytes are an archive of this solution, of this kind. */
export function isArchiveOf(bytes: Uint8Array, uniqueName: string, managed: boolean): boolean {
  try {
    const manifest = readManifest(openPackage(openZip(bytes)))
    const kinds: readonly PackageType[] = [managed ? 'Managed' : 'Unmanaged', 'Both']
    return manifest.uniqueName === uniqueName && kinds.includes(manifest.managed)
  } catch {
    return false
  }
}
