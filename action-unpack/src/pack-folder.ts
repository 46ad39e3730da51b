import { statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  openPackage,
  openSource,
  openZip,
  type PackageType,
  packSolution,
  readFolder,
  type SolutionArchives,
} from '@dsa/solution-package'

/** Whether what is given as an archive is a folder, which is then converted. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * The archives of a solution in source form, packed in memory.
 * @throws UserError when the folder is no solution's source, or cannot be packed as this type
 */
export async function packFolder(
  folder: string,
  packageType: PackageType,
  solutionName: string | undefined,
): Promise<SolutionArchives> {
  const source = await openSource(readFolder(folder), solutionName)
  const { archives } = await packSolution(source, { packageType })
  const [archive, managed] = archives.map(({ kind, bytes }) => {
    const label = `${basename(folder)} (${kind})`
    return openPackage(openZip(bytes, { label }), label)
  })
  if (archive === undefined) throw new Error('packing gave no archive')
  return { archive, ...(managed !== undefined && { managed }) }
}
