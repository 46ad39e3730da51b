import type { SolutionManifest } from '../manifest.ts'
import type { PackageType } from '../package-type.ts'
import { SolutionError } from '../solution-error.ts'
import { manifestElement, packedSolutionXml } from '../sources/xml/solution-xml.ts'
import { readSourceManifest, refuseProblems, sourceCustomizations } from '../source-manifest.ts'
import { parsedOnce } from '../parsed-tree.ts'
import type { SourceTree } from '../source-tree.ts'
import { type XmlDocument, XmlWriter } from '../xml/index.ts'
import { contentTypes, decodePartName } from '../opc/index.ts'
import { type CompressedContent, type CompressedEntry, Compressor, writeCompressed } from '../zip/index.ts'
import { parseVersion, VersionError } from '../version.ts'
import { packLooseFiles, packSections } from '../sources/xml/pack-sections.ts'
import { listMissing, refuseMissing } from '../sources/xml/missing-files.ts'
import { PluginRemap } from './plugin-remap.ts'
import { checkRootComponents } from './root-components.ts'
import { Packing } from '../sources/xml/packing.ts'

export interface PackOptions {
  readonly packageType: PackageType
  /** Written to solution.xml in place of the version of the tree. */
  readonly version?: string
  /** Leaves the assembly names in the elements as they are. */
  readonly disablePluginRemap?: boolean
  /** Packs although files are missing that definitions name; an import refuses such an archive. */
  readonly allowMissingFiles?: boolean
  /** Rules of verify whose findings do not keep a source of another format from being packed. */
  readonly allowProblems?: readonly string[]
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
  /** Warnings about what verifying finds as well. */
  readonly verifiable: readonly string[]
  /** Packed files that no component accounts for, which verifying finds as well. */
  readonly unclaimedFiles: readonly string[]
  /** Files of the folder that are not packed, since they are no part of a solution. */
  readonly leftOut: readonly string[]
  /** How many components were packed, by what makers call their kind. */
  readonly components: ReadonlyMap<string, number>
}

const SOURCE_SOLUTION = 'Other/Solution.xml'
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
  refuseProblems(tree, options.allowProblems)
  const manifest = readSourceManifest(tree)
  const solution = tree.parse(SOURCE_SOLUTION)
  const customizations = sourceCustomizations(tree)
  if (!ALLOWED[manifest.managed].includes(packageType)) {
    const source = `The folder of ${manifest.uniqueName} was unpacked as ${manifest.managed}`
    throw new SolutionError(
      `${source}, so it cannot be packed as ${packageType}. Export the solution with 'solution-type: Both' and unpack it with 'solution-type: Both', then it packs as either. Or give 'solution-type: ${manifest.managed}'.`,
    )
  }
  const { version = manifest.version } = options
  checkVersion(solution, version)
  const kinds = packageType === 'Both' ? (['Unmanaged', 'Managed'] as const) : [packageType]
  const warnings = new Set<string>()
  const verifiable = new Set<string>()
  const unclaimedFiles = new Set<string>()
  const leftOut = new Set<string>()
  const compressor = await Compressor.open()
  try {
    const contents = new PackedContents(tree, compressor)
    const entries = kinds.map((kind) => {
      const packed = packArchive(tree, { solution, customizations, manifest }, kind, options, contents)
      for (const warning of packed.tree.warnings) warnings.add(warning)
      for (const warning of packed.verifiable) verifiable.add(warning)
      for (const path of packed.tree.unclaimed) unclaimedFiles.add(path)
      for (const path of packed.tree.litter) leftOut.add(path)
      return { kind, entries: packed.entries, counts: packed.tree.counts }
    })
    await compressor.finish()
    return {
      archives: await Promise.all(
        entries.map(async ({ kind, entries: of }) => ({ kind, bytes: writeCompressed(await settled(of)) })),
      ),
      manifest: { ...manifest, version },
      warnings: [...warnings],
      verifiable: [...verifiable],
      unclaimedFiles: [...unclaimedFiles],
      leftOut: [...leftOut],
      components: entries[0]?.counts ?? new Map(),
    }
  } finally {
    await compressor.close()
  }
}

interface PackedEntry {
  readonly path: string
  readonly content: Promise<CompressedContent>
}

async function settled(entries: readonly PackedEntry[]): Promise<readonly CompressedEntry[]> {
  return Promise.all(entries.map(async ({ path, content }) => ({ path, content: await content })))
}

/** What goes into archives; a file that goes into two of them is read and compressed once. */
class PackedContents {
  readonly #tree: SourceTree
  readonly #compressor: Compressor
  readonly #files = new Map<string, Promise<CompressedContent>>()

  constructor(tree: SourceTree, compressor: Compressor) {
    this.#tree = tree
    this.#compressor = compressor
  }

  file(path: string): Promise<CompressedContent> {
    const known = this.#files.get(path) ?? this.made(this.#tree.read(path))
    this.#files.set(path, known)
    return known
  }

  made(bytes: Uint8Array): Promise<CompressedContent> {
    return this.#compressor.compress(bytes)
  }

  /** Takes what a writer makes while it makes it, since it may be large. */
  written(
    standalone: XmlDocument['standalone'],
    write: (writer: XmlWriter) => void,
  ): Promise<CompressedContent> {
    const stream = this.#compressor.stream()
    write(new XmlWriter({ standalone, sink: (bytes) => stream.push(bytes) }))
    return stream.end()
  }
}

/** @throws SolutionError for two names that are one to Dataverse, and to Windows and macOS; unpacking refuses them, too */
function refuseTwins(names: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const name of names) {
    const folded = decodePartName(name).toLowerCase()
    const other = seen.get(folded)
    if (other !== undefined) {
      throw new SolutionError(
        `the files '${other}' and '${name}' differ by upper and lower case only, and an archive cannot hold both; rename or remove one of them`,
      )
    }
    seen.set(folded, name)
  }
}

/** @throws SolutionError for a version that no environment would take */
function checkVersion(solution: XmlDocument, version: string): void {
  try {
    parseVersion(version)
  } catch (cause) {
    if (!(cause instanceof VersionError)) throw cause
    const manifest = manifestElement(solution)
    throw SolutionError.at(manifest.element('Version') ?? manifest, cause.message, { cause })
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
  contents: PackedContents,
): {
  entries: readonly PackedEntry[]
  tree: Packing
  verifiable: readonly string[]
} {
  const tree = new Packing(source, customizations.root, {
    managed: packageType === 'Managed',
    manifest,
  })
  const remap = options.disablePluginRemap === true ? undefined : new PluginRemap()
  const sections = contents.written(customizations.standalone, (writer) => {
    packSections(customizations, tree, remap, writer)
  })
  const loose = packLooseFiles(tree)
  if (options.allowMissingFiles === true) {
    for (const line of listMissing(tree.missing)) tree.warnings.push(line)
  } else refuseMissing(tree.missing, tree.paths)
  const rootsWithoutFile = checkRootComponents(tree.components, manifest.rootComponents)
  const rootComponents = manifestElement(solution).element('RootComponents')?.elements() ?? []
  const described = packedSolutionXml(solution, {
    packageType,
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(remap === undefined ? {} : { rootComponents: remap.rootComponentEdits(rootComponents) }),
  })
  const entries = [
    { path: 'customizations.xml', content: sections },
    { path: 'solution.xml', content: contents.made(described) },
    ...[...tree.files].map(([path, file]) => ({ path, content: contents.file(file) })),
  ]
  refuseTwins(entries.map(({ path }) => path))
  const types = contentTypes(
    entries.map(({ path }) => path),
    loose,
  )
  entries.push({ path: CONTENT_TYPES, content: contents.made(types) })
  return { entries, tree, verifiable: [...tree.verifiable, ...rootsWithoutFile] }
}
