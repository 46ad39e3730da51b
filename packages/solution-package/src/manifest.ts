import type { PackageType } from './package-type.ts'
import type { PackageParts } from './zip/package-parts.ts'

/** One line of `RootComponents`; `type` is the component type number as text. */
export interface RootComponent {
  readonly type: string
  readonly schemaName?: string
  readonly id?: string
  readonly behavior?: string
}

/** One side of a `MissingDependency`: all attributes as they are. */
export interface DependencySide {
  readonly type: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface MissingDependency {
  readonly required: DependencySide
  readonly dependent?: DependencySide
}

/** What solution.xml says about the solution. */
export interface SolutionManifest {
  readonly uniqueName: string
  /** The first localised name, or the unique name when there is none. */
  readonly friendlyName: string
  readonly version: string
  readonly managed: PackageType
  readonly publisher: { readonly uniqueName: string; readonly prefix: string }
  readonly rootComponents: readonly RootComponent[]
  readonly missingDependencies: readonly MissingDependency[]
}

/**
 * Reads the manifest from solution.xml of an archive.
 * @throws SolutionError when the archive has none, or it is not well-formed or lacks a name or type
 */
export function readManifest(parts: PackageParts): SolutionManifest {
  throw new Error(`not read yet: ${parts.paths.length} parts`)
}
