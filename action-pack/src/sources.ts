import { dirname } from 'node:path'
import { InputError, resolvePath } from '@dsa/action-kit'
import { isPattern, matchingFiles } from '@dsa/solution-package'
import { quotedList, UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** What makes a folder the source of a solution, and how many levels below it that lies. */
const MARKS: readonly (readonly [path: string, levels: number])[] = [
  ['Other/Solution.xml', 2],
  ['solutions/*/solution.yml', 3],
]

/** What is said of one solution, which several cannot share. */
const OF_ONE: readonly (readonly [name: string, isGiven: (inputs: Inputs) => boolean])[] = [
  ['solution-name', ({ solutionName }) => solutionName !== undefined],
  ['map-file', ({ mapFile }) => mapFile !== undefined],
  ['settings-file', ({ settingsFile }) => settingsFile !== undefined],
]

/**
 * The folders to pack, as absolute paths.
 *
 * @throws InputError for an input that several solutions cannot share
 * @throws UserError for a pattern that names no source
 */
export function sourceFolders(inputs: Inputs, root: string): readonly string[] {
  const folders = [...new Set(inputs.solutionFolders.flatMap((line) => foldersNamed(line, root)))]
  if (folders.length === 1) return folders
  const shared = OF_ONE.flatMap(([name, isGiven]) => (isGiven(inputs) ? [name] : []))
  if (shared.length > 0)
    throw new InputError(
      `'solution-folder' names ${folders.length} solutions, and ${quotedList(shared)} can be for one only. Pack that one in a step of its own.`,
    )
  if (!isFolderName(inputs.solutionFile))
    throw new InputError(
      `'solution-folder' names ${folders.length} solutions, and 'solution-file' is the name of one archive. End it with '/', such as out/, to name each archive after its solution.`,
    )
  return folders
}

function foldersNamed(line: string, root: string): readonly string[] {
  if (!isPattern(line)) return [resolvePath(root, line)]
  const pattern = line.replaceAll('\\', '/').replace(/\/+$/, '')
  const folders = MARKS.flatMap(([path, levels]) =>
    matchingFiles(root, `${pattern}/${path}`).map((file) => above(file, levels)),
  )
  if (folders.length > 0) return folders.toSorted()
  throw new UserError(
    `No folder is named by '${line}' ('solution-folder') that holds Other/Solution.xml, or solutions/NAME/solution.yml.`,
  )
}

function above(path: string, levels: number): string {
  return levels === 0 ? path : above(dirname(path), levels - 1)
}

/** A path that ends with a slash is a folder for the archives, which are named after their solutions. */
export function isFolderName(path: string): boolean {
  return /[/\\]$/.test(path)
}

/**
 * The archive of a solution; of both kinds the unmanaged one.
 *
 * @throws UserError when the unique name cannot be the name of a file
 */
export function archiveOf({ solutionFile, packageType }: Inputs, uniqueName: string, root: string): string {
  if (!isFolderName(solutionFile)) return resolvePath(root, solutionFile)
  if (!/^\w+$/.test(uniqueName))
    throw new UserError(
      `The unique name '${uniqueName}' has other characters than letters, digits and '_', so no archive can be named after it. Give its name in 'solution-file'.`,
    )
  return resolvePath(root, `${solutionFile}${uniqueName}${packageType === 'Managed' ? '_managed' : ''}.zip`)
}
