import { UserError } from '@dsa/user-error'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { openPackage, openZip, readManifest } from '@dsa/solution-package'
import type { SolutionManifest } from '@dsa/solution-package'
import { systemCode } from '../system-code.ts'

/** A solution archive on disk. */
export interface Archive {
  readonly path: string
  readonly bytes: Uint8Array
  readonly name: string
  readonly version: string
  readonly managed: boolean
  readonly publisher: string
  /** The base solution's name when the archive is a patch. */
  readonly patchOf: string | undefined
  readonly manifest: SolutionManifest
  /**
   * The oldest time that its entries tell, in milliseconds since 1970: an export gives all of them the time of the
   * export. Undefined when an entry tells none, as in an archive of action-pack.
   */
  readonly writtenMs: number | undefined
}

/** `solution-file` cannot be used. */
class ArchiveError extends UserError {
  override readonly name = 'ArchiveError'
}

/** The service's own limit is not documented; this is where people meet it. */
export const LARGE_BYTES = 95 * 1024 * 1024

/**
 * Reads an archive and its manifest.
 * @param path absolute
 * @throws ArchiveError that names the file and what is wrong with it
 */
export const readArchive = async (path: string): Promise<Archive> => {
  const bytes = await readBytes(path)
  const { manifest, writtenMs } = contentOf(bytes, path)
  return {
    path,
    bytes,
    name: manifest.uniqueName,
    version: manifest.version,
    managed: manifest.managed === 'Managed',
    publisher: manifest.publisher.uniqueName,
    // The platform names clones this way; there is no other mark in the manifest.
    patchOf: /^(.+)_Patch_[0-9a-f]+$/i.exec(manifest.uniqueName)?.[1],
    manifest,
    writtenMs,
  }
}

const contentOf = (bytes: Uint8Array, path: string): Pick<Archive, 'manifest' | 'writtenMs'> => {
  try {
    const entries = openZip(bytes, { label: basename(path) })
    const times = entries.map(({ writtenMs }) => writtenMs ?? Number.NaN)
    const oldest = Math.min(...times)
    return {
      manifest: readManifest(openPackage(entries, basename(path))),
      writtenMs: Number.isFinite(oldest) ? oldest : undefined,
    }
  } catch (error) {
    throw new ArchiveError(
      `'solution-file' ${path} is no solution archive: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EISDIR') {
      throw new ArchiveError(
        `'solution-file' ${path} is a folder. Give the archive (zip); action-pack makes one from a folder of sources.`,
        { cause: error },
      )
    }
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ArchiveError(`'solution-file' ${path} does not exist. ${await whatIsThere(dirname(path))}`, {
        cause: error,
      })
    }
    throw new ArchiveError(`'solution-file' ${path} cannot be read: ${String(error)}`, { cause: error })
  }
}

const whatIsThere = async (folder: string): Promise<string> => {
  try {
    const archives = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.zip')).toSorted()
    return archives.length === 0
      ? 'There is no archive in that folder; did the step that makes it run in this job?'
      : `There is: ${archives.slice(0, 10).join(', ')}.`
  } catch {
    return `The folder ${folder} does not exist either; did the step that makes it run in this job?`
  }
}
