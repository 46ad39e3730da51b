import { resolve } from 'node:path'

/** An absolute path from an input: `/` and `\` both separate, on every system. */
export function resolvePath(base: string, path: string): string {
  return resolve(base, path.replaceAll('\\', '/'))
}

/** Where relative paths of inputs count from: the repository, as in Microsoft's actions. */
export function workspace(): string {
  return resolve(process.env['GITHUB_WORKSPACE'] ?? '')
}
