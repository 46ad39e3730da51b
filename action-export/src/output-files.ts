import { existsSync, statSync } from 'node:fs'
import { InputError } from '@dsa/action-kit'
import { managedSibling, type PackageType } from '@dsa/solution-package'

/** An archive to be exported, and where it is to be written. */
export interface OutputFile {
  readonly managed: boolean
  readonly path: string
}

/** Only Both adds to the name that was asked for: a single archive is written exactly there. */
export function outputFiles(path: string, type: PackageType): readonly OutputFile[] {
  if (type !== 'Both') return [{ managed: type === 'Managed', path }]
  return [
    { managed: false, path },
    { managed: true, path: managedSibling(path) },
  ]
}

/** A folder of that name cannot be replaced, which is said where the file is to be written. */
function isThere(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory()
}

/** @throws InputError that names the files that are there already */
export function refuseExisting(files: readonly OutputFile[]): void {
  const existing = files.map(({ path }) => path).filter(isThere)
  if (existing.length === 0) return
  throw new InputError(
    `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already. Set 'overwrite' to true to replace, or give another 'solution-output-file'.`,
  )
}
