import { describeMissing } from '../../sources/xml/missing-files.ts'
import { type Problem, problemAt } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'
import { unlistedSections } from './unlisted-sections.ts'

/** An import stops at a file that a definition names and the archive does not hold. */
export function* namedFilesMissing({ packed, paths }: SourceUnderCheck): Iterable<Problem> {
  for (const file of packed?.missing ?? []) yield problemAt(file.at, describeMissing(file, paths))
}

/** An import refuses an archive as a whole for one file that no component accounts for. */
export function* unclaimedFiles(source: SourceUnderCheck): Iterable<Problem> {
  // Of a section that is not listed, the folder as a whole is a finding of its own.
  const unlisted = new Set([...unlistedSections(source)].map(({ file }) => topFolder(file)))
  for (const file of source.packed?.unclaimed ?? [])
    if (!unlisted.has(topFolder(file))) yield { file, message: UNCLAIMED }
}

function topFolder(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

const UNCLAIMED =
  'No component of the solution names this file. It is packed, and the import may refuse the archive for it ("Unprocessed files found"). Remove it, or keep it outside the folder.'
