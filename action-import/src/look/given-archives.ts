import { resolvePath } from '@dsa/action-kit'
import { filesBeside, isPattern, matchingFiles } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import { readArchive } from './archive.ts'
import type { Archive } from './archive.ts'

type ArchiveInput = 'solution-file' | 'previous-solution-file'

/**
 * The archives that an input names, by paths and patterns, in this order; what is named twice counts once.
 *
 * @param base the folder that they count from
 * @throws UserError for a path or a pattern that leads to no archive
 */
export async function readArchives(
  given: readonly string[],
  base: string,
  input: ArchiveInput,
): Promise<readonly Archive[]> {
  const paths = new Set(given.flatMap((one) => pathsOf(one, base, input)))
  const archives: Archive[] = []
  for (const path of paths) archives.push(await readArchive(path, input))
  return archives
}

function pathsOf(given: string, base: string, input: ArchiveInput): readonly string[] {
  if (!isPattern(given)) return [resolvePath(base, given)]
  const found = matchingFiles(base, given.replaceAll('\\', '/'))
  if (found.length > 0) return found
  throw new UserError(
    `'${input}' ${given} names no file below ${base}. ${filesBeside(resolvePath(base, given.replace(/[^/\\]*[*?].*$/, 'x')), '.zip')}`,
  )
}
