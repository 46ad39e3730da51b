import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError } from '@dsa/action-kit'
import type { PackageType } from '@dsa/solution-package'

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
    { managed: true, path: path.replace(/(\.[^./\\]*)?$/, '_managed$1') },
  ]
}

/** @throws InputError that names the files that are there already */
export function refuseExisting(files: readonly OutputFile[]): void {
  const existing = files.map(({ path }) => path).filter((path) => existsSync(path))
  if (existing.length === 0) return
  throw new InputError(
    `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already. Set "overwrite" to true to replace, or give another "solution-output-file".`,
  )
}

/** The file appears as a whole or not at all: a later step must not find half of one. */
export async function writeArchive(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  try {
    await writeFile(partial, bytes)
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}
