import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** Material that may lie beside the project; tests that use it skip, visibly, where it is absent. */
export function sharedPath(...names: readonly string[]): string | undefined {
  const path = resolve(process.env['DSA_SHARED'] ?? '../shared', ...names)
  return existsSync(path) ? path : undefined
}
