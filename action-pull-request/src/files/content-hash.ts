import { createHash } from 'node:crypto'
import type { LocalFile } from './read-files.ts'

/** One value for what is proposed, which changes when any file of it does. */
export function contentHash(files: ReadonlyMap<string, LocalFile>, paths: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([...paths].toSorted()))
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [path, { mode, sha }] of sorted) hash.update(JSON.stringify([path, mode ?? '', sha]))
  return hash.digest('hex')
}
