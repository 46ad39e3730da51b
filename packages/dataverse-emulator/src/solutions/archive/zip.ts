import { contentTypes } from '@dsa/solution-package'
import JSZip from 'jszip'

/** A file of an archive: its entry name and its bytes. */
export interface ArchiveFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Every entry has the same time, so that the same files make the same archive. */
const WRITTEN_ON = new Date(Date.UTC(2026, 0, 1))

/**
 * Writes an archive with a library that has nothing in common with the reader and writer of `solution-package`: a
 * fault that those two share shows when they meet an archive of another hand.
 */
export async function zipOf(files: readonly ArchiveFile[]): Promise<Uint8Array> {
  const zip = new JSZip()
  for (const { path, bytes } of files) zip.file(path, bytes, { createFolders: false, date: WRITTEN_ON })
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' })
}

/** Writes a solution's archive: the files, and the list of their content types. */
export function packageOf(files: readonly ArchiveFile[]): Promise<Uint8Array> {
  const types = contentTypes(files.map(({ path }) => path))
  return zipOf([...files, { path: '[Content_Types].xml', bytes: types }])
}
