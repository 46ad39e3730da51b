import type { SolutionManifest } from '../manifest.ts'
import type { PackageType } from '../package-type.ts'
import { SolutionError } from '../solution-error.ts'
import { manifestElement, packedSolutionXml } from '../solution-xml.ts'
import { readSourceManifest } from '../source-manifest.ts'
import { parsedOnce } from '../parsed-tree.ts'
import type { SourceTree } from '../source-tree.ts'
import type { XmlDocument } from '../xml/index.ts'
import { contentTypes, encodePartName, writeZip } from '../zip/index.ts'
import { packLooseFiles, packSections } from './pack-archive.ts'
import { PluginRemap } from './plugin-remap.ts'
import { checkRootComponents } from './root-components.ts'
import { TreeView } from './tree-view.ts'

export interface PackOptions {
  readonly packageType: PackageType
  /** Written to solution.xml in place of the version of the tree. */
  readonly version?: string
  /** Leaves the assembly names in the elements as they are. */
  readonly disablePluginRemap?: boolean
}

export interface PackedArchive {
  readonly kind: 'Unmanaged' | 'Managed'
  readonly bytes: Uint8Array
}

export interface PackedSolution {
  /** One archive, or with Both the unmanaged and then the managed one. */
  readonly archives: readonly PackedArchive[]
  /** As in the tree, with the version that was packed. */
  readonly manifest: SolutionManifest
  readonly warnings: readonly string[]
  /** Warnings for root components that have no file, which verifying finds as well. */
  readonly rootsWithoutFile: readonly string[]
}

const SOURCE_SOLUTION = 'Other/Solution.xml'
const SOURCE_CUSTOMIZATIONS = 'Other/Customizations.xml'
const CONTENT_TYPES = '[Content_Types].xml'

/** Which trees give which archives. */
const ALLOWED: Readonly<Record<PackageType, readonly PackageType[]>> = {
  Unmanaged: ['Unmanaged'],
  Managed: ['Managed'],
  Both: ['Unmanaged', 'Managed', 'Both'],
}

/**
 * Turns a source tree into solution archives; the same tree gives the same bytes, whatever system it lies on.
 * @throws SolutionError or XmlError naming the file, the element and the position
 */
export async function packSolution(unparsed: SourceTree, options: PackOptions): Promise<PackedSolution> {
  const tree = parsedOnce(unparsed)
  const { packageType } = options
  const manifest = readSourceManifest(tree)
  const solution = tree.parse(SOURCE_SOLUTION)
  if (!tree.paths.includes(SOURCE_CUSTOMIZATIONS)) {
    throw new SolutionError(
      `the folder has no ${SOURCE_CUSTOMIZATIONS}, which lists the sections of ${manifest.uniqueName}`,
    )
  }
  const customizations = tree.parse(SOURCE_CUSTOMIZATIONS)
  if (!ALLOWED[manifest.managed].includes(packageType)) {
    const source = `the folder of ${manifest.uniqueName} was unpacked as ${manifest.managed}`
    throw new SolutionError(
      `${source}, so it cannot be packed as ${packageType}; unpack it as Both to pack either`,
    )
  }
  const kinds = packageType === 'Both' ? (['Unmanaged', 'Managed'] as const) : [packageType]
  const archives: Promise<PackedArchive>[] = []
  const warnings = new Set<string>()
  const rootsWithoutFile = new Set<string>()
  for (const kind of kinds) {
    const packed = packArchive(tree, { solution, customizations, manifest }, kind, options)
    for (const warning of packed.warnings) warnings.add(warning)
    for (const root of packed.rootsWithoutFile) rootsWithoutFile.add(root)
    archives.push(writeZip(packed.entries).then((bytes) => ({ kind, bytes })))
  }
  const { version = manifest.version } = options
  return {
    archives: await Promise.all(archives),
    manifest: { ...manifest, version },
    warnings: [...warnings],
    rootsWithoutFile: [...rootsWithoutFile],
  }
}

interface Documents {
  readonly solution: XmlDocument
  readonly customizations: XmlDocument
  readonly manifest: SolutionManifest
}

function packArchive(
  source: SourceTree,
  { solution, customizations, manifest }: Documents,
  packageType: 'Unmanaged' | 'Managed',
  options: PackOptions,
): {
  entries: { path: string; bytes: Uint8Array }[]
  warnings: readonly string[]
  rootsWithoutFile: readonly string[]
} {
  const tree = new TreeView(source, customizations.root, {
    managed: packageType === 'Managed',
    manifest,
  })
  const remap = options.disablePluginRemap === true ? undefined : new PluginRemap()
  const sections = packSections(customizations, tree, remap)
  const rootsWithoutFile = checkRootComponents(tree.components, manifest.rootComponents)
  const rootComponents = manifestElement(solution).element('RootComponents')?.elements() ?? []
  const described = packedSolutionXml(solution, {
    packageType,
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(remap === undefined ? {} : { rootComponents: remap.rootComponentEdits(rootComponents) }),
  })
  const loose = packLooseFiles(tree)
  const entries = [
    { path: 'customizations.xml', bytes: sections },
    { path: 'solution.xml', bytes: described },
    // Elements give the names of their files as they are to stand in the archive; loose files have plain paths.
    ...[...tree.files].map(([path, read]) => ({
      path: loose.has(path) ? encodePartName(path) : path,
      bytes: read(),
    })),
  ]
  const types = contentTypes(
    entries.map(({ path }) => path),
    new Set([...loose].map(encodePartName)),
  )
  entries.push({ path: CONTENT_TYPES, bytes: types })
  return { entries, warnings: tree.warnings, rootsWithoutFile }
}
