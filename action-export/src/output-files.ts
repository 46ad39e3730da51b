import { existsSync } from 'node:fs'
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

/** @throws InputError that names the files that are there already */
export function refuseExisting(files: readonly OutputFile[]): void {
  const existing = files.map(({ path }) => path).filter((path) => existsSync(path))
  if (existing.length === 0) return
  throw new InputError(
    `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already. Set 'overwrite' to true to replace, or give another 'solution-output-file'.`,
  )
}
