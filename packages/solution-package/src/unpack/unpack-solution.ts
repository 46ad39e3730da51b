import type { SolutionManifest } from '../manifest.ts'
import type { PackageType } from '../package-type.ts'
import type { PackageParts } from '../zip/package-parts.ts'

/** Something that the archive holds and the tree does not. */
export interface NotCarried {
  /** Where it stands: a part of the archive, followed by the element in it if it is not the whole part. */
  readonly path: string
  readonly reason: string
  readonly kind?: string
}

/** SolutionPackager's undocumented `/singleComponent`. */
export type SingleComponent = 'WebResource' | 'Plugin' | 'Workflow'

export interface UnpackOptions {
  readonly packageType: PackageType
  readonly singleComponent?: SingleComponent
  /** Puts what has no order into a fixed one and drops stamps; departs from SolutionPackager. */
  readonly normalize?: boolean
}

export interface UnpackedSolution {
  /** The bytes of each file by its path from the folder, with `/`. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly manifest: SolutionManifest
  readonly notCarried: readonly NotCarried[]
}

export interface SolutionArchives {
  /** The archive; with package type Both the unmanaged one. */
  readonly archive: PackageParts
  /** Package type Both only: its managed sibling. */
  readonly managed?: PackageParts
}

/**
 * Turns a solution archive into the files of its source tree.
 * @throws SolutionError or XmlError naming part, element and position; then nothing has been returned or written
 */
export function unpackSolution(archives: SolutionArchives, options: UnpackOptions): UnpackedSolution {
  throw new Error(`not unpacked yet: ${archives.archive.paths.length} parts as ${options.packageType}`)
}
