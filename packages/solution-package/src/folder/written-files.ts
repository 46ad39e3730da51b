import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The name of the managed archive beside an unmanaged one: `a.zip` and `a_managed.zip`, as SolutionPackager has it. */
export const managedSibling = (path: string): string => path.replace(/(\.[^./\\]*)?$/, '_managed$1')

/**
 * Writes a file, with the folders above it. It appears as a whole or not at all: a later step must not find half of
 * one.
 */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  try {
    await writeFile(partial, bytes)
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}
