import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SolutionType } from './inputs.ts'

export interface OutputFile {
  readonly kind: 'Unmanaged' | 'Managed'
  readonly path: string
}

/** What will be written where. The file that was asked for, and for Both its managed sibling. */
export function outputFiles(type: SolutionType, path: string): readonly OutputFile[] {
  if (type !== 'Both') return [{ kind: type, path }]
  return [
    { kind: 'Unmanaged', path },
    { kind: 'Managed', path: path.replace(/(\.[^./\\]*)?$/, '_managed$1') },
  ]
}

/** @throws Error naming the first file that exists already */
export function refuseExisting(files: readonly OutputFile[]): void {
  const present = files.find(({ path }) => existsSync(path))
  if (present) {
    throw new Error(`${present.path} exists already. Delete it before, or set "overwrite: true".`)
  }
}

/** The file appears as a whole or not at all. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  try {
    await writeFile(partial, bytes)
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}
