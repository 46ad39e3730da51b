import { findPart, manifestOf, type SolutionManifest } from '../manifest.ts'
import { normalizeDocument } from '../normalize/index.ts'
import type { SingleComponent } from '../model/kind.ts'
import type { PackageType } from '../package-type.ts'
import { compareTwins } from '../same-solution.ts'
import { SolutionError } from '../solution-error.ts'
import { sortedLists, sortedSolutionXml } from '../sources/xml/solution-xml.ts'
import { parseXml } from '../xml/index.ts'
import type { PackageParts } from '../opc/index.ts'
import { Unpacking } from '../sources/xml/unpacking.ts'
import { Namesakes } from './namesakes.ts'
import type { NotCarried } from '../sources/not-carried.ts'
import { TreeFiles } from '../sources/xml/tree-files.ts'
import { unpackLooseFiles, unpackSections } from '../sources/xml/unpack-sections.ts'

export interface UnpackOptions {
  readonly packageType: PackageType
  /** Only items of this kind become files, beside the files of archives that are copied. */
  readonly singleComponent?: SingleComponent
  /** Puts what has no order into a fixed one and drops stamps of the export; departs from SolutionPackager. */
  readonly normalize?: boolean
}

export interface UnpackedSolution {
  /**
   * The bytes of each file by its path from the folder, with `/`. They are made when they are asked for, so take
   * each once; a damaged archive entry shows then, as a ZipError.
   */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Of the archive; with Both of the managed one, as in the tree, with `managed` Both. */
  readonly manifest: SolutionManifest
  /**
   * Those of the files that are XML of our own making, with line feeds. SolutionPackager ends their lines as its
   * system does; all others are copied byte for byte.
   */
  readonly made: ReadonlySet<string>
  readonly notCarried: readonly NotCarried[]
  /** Files that definitions name and the archive does not hold; an import refuses it, and so does packing. */
  readonly missingFiles: readonly string[]
  /** What is odd about the archives, though a tree is made of them. */
  readonly warnings: readonly string[]
  /** What a reader of the tree may wonder about: components whose file has another name than theirs. */
  readonly notices: readonly string[]
}

export interface SolutionArchives {
  /** The archive; with package type Both the unmanaged one. */
  readonly archive: PackageParts
  /** Package type Both only: its managed sibling. */
  readonly managed?: PackageParts
}

/**
 * Turns a solution archive into the files of its source tree, as SolutionPackager does.
 * @throws SolutionError or XmlError naming part, element and position; then nothing has been returned or written
 */
export function unpackSolution(archives: SolutionArchives, options: UnpackOptions): UnpackedSolution {
  const { packageType } = options
  const inputs = [archives.archive]
  if (packageType === 'Both') {
    if (archives.managed === undefined) {
      throw new SolutionError('package type Both needs two archives, and the managed one is missing')
    }
    inputs.push(archives.managed)
  }
  const tree = new TreeFiles()
  const namesakes = new Namesakes()
  const losses: NotCarried[] = []
  const missing: string[] = []
  const collected: Collected = { tree, namesakes, losses, missing }
  const manifests = inputs.map((parts, i) => {
    const of = inputs.length === 1 ? '' : [' of the first archive', ' of the second archive'][i]
    return unpackArchive(parts, options, collected, of ?? '')
  })
  const [first, manifest = first] = manifests
  if (first === undefined || manifest === undefined) throw new SolutionError('no archive was given')
  const warnings = manifest === first ? [] : compareTwins(first, manifest)
  for (const loss of tree.finish()) losses.push(loss)
  if (options.normalize === true) tree.changeMade(normalizeDocument)
  return {
    files: tree,
    made: tree.made,
    manifest: packageType === 'Both' ? { ...manifest, managed: 'Both' } : manifest,
    notCarried: losses,
    missingFiles: missing,
    warnings,
    notices: namesakes.notices,
  }
}

/** What all archives of a run give together. */
interface Collected {
  readonly tree: TreeFiles
  readonly namesakes: Namesakes
  readonly losses: NotCarried[]
  readonly missing: string[]
  /** Of the last archive. */
  version?: string
}

/** That two versions meet is told by itself, and once. */
function versionIfOther({ version }: Collected, own: SolutionManifest): { readonly version?: string } {
  return version === undefined || version === own.version ? {} : { version }
}

function unpackArchive(
  parts: PackageParts,
  options: UnpackOptions,
  collected: Collected,
  of: string,
): SolutionManifest {
  const { tree, namesakes, losses, missing } = collected
  const { packageType, singleComponent: single } = options
  const solutionPart = findPart(parts, 'solution.xml')
  const customizationsPart = findPart(parts, 'customizations.xml')
  const solution = parseXml(parts.read(solutionPart), solutionPart + of)
  const manifest = manifestOf(solution)
  collected.version = manifest.version
  if (packageType !== 'Both') checkType(manifest, packageType)
  // Each archive counts as what it says it is, not by its place.
  const managed = manifest.managed === 'Managed'
  const archive = new Unpacking(parts, tree, { managed, single, of, namesakes })
  namesakes.beginArchive()
  tree.beginArchive(packageType !== 'Both' || !managed)
  unpackSections(parseXml(parts.read(customizationsPart), customizationsPart + of), archive)
  if (single === undefined) {
    for (const list of sortedLists(solution)) archive.loseOtherNodes(list)
    // It is compared with that of the other archive, and then written.
    let made: Uint8Array | undefined
    const read = (): Uint8Array => {
      const changes = packageType === 'Both' ? { packageType, ...versionIfOther(collected, manifest) } : {}
      return (made ??= sortedSolutionXml(solution, changes))
    }
    archive.write('Other/Solution.xml', 'managed', solution.root, { read })
  }
  unpackLooseFiles(archive, new Set([solutionPart, customizationsPart]))
  for (const loss of archive.losses) losses.push(loss)
  for (const file of archive.missing) missing.push(file)
  return manifest
}

function checkType(manifest: SolutionManifest, packageType: PackageType): void {
  if (manifest.managed === packageType) return
  const stated = { Unmanaged: 'unmanaged', Managed: 'managed', Both: 'of type Both (Managed is 2)' }[
    manifest.managed
  ]
  throw new SolutionError(
    `The archive of ${manifest.uniqueName} is ${stated}, so it cannot be unpacked with 'solution-type: ${packageType}' (Unmanaged where the input is not given). Give 'solution-type: ${manifest.managed}', or the other archive.`,
  )
}
