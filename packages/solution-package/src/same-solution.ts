import type { PackageType } from './package-type.ts'
import type { SolutionManifest } from './manifest.ts'
import { readSourceManifest } from './source-manifest.ts'
import { SolutionError } from './solution-error.ts'
import type { SourceTree } from './source-tree.ts'
import { XmlError } from './xml/index.ts'

/** Dataverse compares unique names without case. */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** What becomes of a folder when something of another type is unpacked over it; what only adds to it is not here. */
const loses: Readonly<Partial<Record<`${PackageType} over ${PackageType}`, string>>> = {
  'Unmanaged over Both':
    'every _managed file would go, and the folder could not be packed as Managed any more',
  'Managed over Both':
    'it would hold the managed solution alone, and could not be packed as Unmanaged any more',
  'Unmanaged over Managed':
    'the managed solution would be replaced, and the folder could not be packed as Managed any more',
  'Managed over Unmanaged':
    'the unmanaged solution would be replaced, and the folder could not be packed as Unmanaged any more',
}

/**
 * Refuses to unpack over what another solution, or another type of the same one, left in the folder. A folder whose
 * Other/Solution.xml cannot be read, as in a merge conflict, is nobody's.
 *
 * @param present the folder as it is
 * @throws SolutionError that says whose the folder is
 */
export function refuseToReplace(present: SourceTree, next: SolutionManifest): void {
  const before = manifestOrNone(present)
  if (before === undefined) return
  if (!isSameName(before.uniqueName, next.uniqueName)) {
    throw new SolutionError(
      `The folder holds the solution '${before.uniqueName}', and the archive is of '${next.uniqueName}'. Unpacking would delete the files of '${before.uniqueName}'. Give a folder of its own, or set 'replace-solution: true' if that is what you want.`,
    )
  }
  const lost = loses[`${next.managed} over ${before.managed}`]
  if (lost === undefined) return
  throw new SolutionError(
    `The folder was unpacked with 'solution-type: ${before.managed}', and now it is ${next.managed}: ${lost}. Unpack it with 'solution-type: ${before.managed}', or set 'replace-solution: true' if that is what you want.`,
  )
}

function manifestOrNone(tree: SourceTree): SolutionManifest | undefined {
  try {
    return readSourceManifest(tree)
  } catch (error) {
    if (error instanceof SolutionError || error instanceof XmlError) return undefined
    throw error
  }
}

/**
 * What is odd about the two archives that are unpacked together.
 *
 * @returns warnings
 * @throws SolutionError when they are of two solutions
 */
export function compareTwins(archive: SolutionManifest, managed: SolutionManifest): readonly string[] {
  if (!isSameName(archive.uniqueName, managed.uniqueName)) {
    throw new SolutionError(
      `The two archives are of different solutions, '${archive.uniqueName}' and '${managed.uniqueName}'. Give the unmanaged and the managed archive of one solution.`,
    )
  }
  const warnings: string[] = []
  if (archive.version !== managed.version) {
    warnings.push(
      `The two archives are of different versions, ${archive.version} and ${managed.version}, so the folder mixes both.`,
    )
  }
  if (archive.managed === managed.managed) {
    warnings.push(
      `Both archives are ${archive.managed === 'Managed' ? 'managed' : 'unmanaged'}; the folder needs one of each kind.`,
    )
  }
  return warnings
}
