import type { SolutionManifest } from '../manifest.ts'
import type { PackageType } from '../package-type.ts'
import type { SourceTree } from '../source-tree.ts'
import type { SingleComponent } from '../unpack/unpack-solution.ts'

export interface PackOptions {
  readonly packageType: PackageType
  readonly singleComponent?: SingleComponent
  /** Written to solution.xml in place of the version of the tree. */
  readonly version?: string
  /** Leaves the assembly names in the elements as they are. */
  readonly disablePluginRemap?: boolean
  /** Do not refuse components that `RootComponents` does not list. */
  readonly skipRootComponentCheck?: boolean
}

export interface PackedArchive {
  readonly kind: 'Unmanaged' | 'Managed'
  readonly bytes: Uint8Array
}

export interface PackedSolution {
  /** One archive, or with Both the unmanaged and then the managed one. */
  readonly archives: readonly PackedArchive[]
  readonly manifest: SolutionManifest
  readonly warnings: readonly string[]
}

/**
 * Turns a source tree into solution archives; the same tree gives the same bytes.
 * @throws SolutionError or XmlError naming the file, the element and the position
 */
export async function packSolution(tree: SourceTree, options: PackOptions): Promise<PackedSolution> {
  await Promise.resolve()
  throw new Error(`not packed yet: ${tree.paths.length} files as ${options.packageType}`)
}
