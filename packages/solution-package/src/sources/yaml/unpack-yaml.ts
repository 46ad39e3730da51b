import { counted } from '@dsa/user-error'
import { readManifest } from '../../manifest.ts'
import type { PackageParts } from '../../opc/index.ts'
import { SolutionError } from '../../solution-error.ts'
import type { SourceTree } from '../../source-tree.ts'
import type { UnpackedSource } from '../unpacked-source.ts'
import { placeOf } from './layout.ts'
import { Listing } from './listing.ts'
import { Problems } from './problems.ts'
import { yamlSolutions } from './yaml-roots.ts'
import { readYamlFiles } from './yaml-files.ts'
import { type Refused, yamlSourceOf } from './write-source.ts'

/**
 * Turns an archive into the files that Git integration keeps of it.
 *
 * @param present the folder as it is: its solution keeps the name of its folder, and other solutions of the root stay
 * @throws SolutionError when the archive is managed, or holds what the platform was not seen to write, with its name
 */
export async function unpackYaml(archive: PackageParts, present: SourceTree): Promise<UnpackedSource> {
  const manifest = readManifest(archive)
  if (manifest.managed !== 'Unmanaged')
    throw new SolutionError(
      `The archive of ${manifest.uniqueName} is managed, and YAML source is that of the unmanaged solution. Give the unmanaged archive; the source packs as managed as well.`,
    )
  const root = await readRoot(present)
  const own = root.find(({ uniqueName }) => uniqueName.toLowerCase() === manifest.uniqueName.toLowerCase())
  const source = yamlSourceOf(archive, own?.folder)
  if (source.refused.length > 0) throw new SolutionError(describe(source.refused, manifest.uniqueName))
  const paths = [...source.files.keys()]
  const others = root.filter((solution) => solution !== own)
  const isKept = (path: string): boolean =>
    !source.files.has(path) &&
    (own?.listing.has(path, placeOf(path)) !== true ||
      others.some(({ listing }) => listing.has(path, placeOf(path))))
  const kept = new Set(root.length === 0 ? [] : present.paths.filter(isKept))
  return {
    files: {
      keys: () => paths,
      has: (path) => source.files.has(path),
      get: (path) => source.files.get(path)?.(),
    },
    size: paths.length,
    made: source.made,
    manifest,
    notCarried: source.notCarried,
    missingFiles: source.missing,
    warnings: [],
    notices: [],
    newLines: 'crlf',
    holdsSolution: root.length > 0 || present.paths.includes('Other/Solution.xml'),
    keeps: (path) => kept.has(path),
  }
}

interface PresentSolution {
  readonly folder: string
  readonly uniqueName: string
  readonly listing: Listing
}

/** The solutions of a root that is there already. */
async function readRoot(present: SourceTree): Promise<readonly PresentSolution[]> {
  const folders = yamlSolutions(present.paths).flatMap(({ root, name }) => (root === '' ? [name] : []))
  const files = await readYamlFiles(
    present,
    folders
      .flatMap((folder) => [pathOf(folder, 'solution'), pathOf(folder, 'solutioncomponents')])
      .filter((path) => present.paths.includes(path)),
    () => 0,
    new Problems(),
  )
  return folders.map((folder) => {
    const manifest = files.get(pathOf(folder, 'solution'))?.element.element('SolutionManifest')
    const list = files.get(pathOf(folder, 'solutioncomponents'))
    return {
      folder,
      uniqueName: manifest?.element('UniqueName')?.text ?? folder,
      listing: list === undefined ? new Listing(undefined) : new Listing(list),
    }
  })
}

function pathOf(folder: string, file: string): string {
  return `solutions/${folder}/${file}.yml`
}

const MOST_NAMES = 20

function describe(refused: readonly Refused[], uniqueName: string): string {
  const names = [...new Set(refused.map(({ what }) => what))]
  const more = names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : []
  return `${uniqueName} holds ${counted(names.length, 'thing')} of which it is not known how Git integration writes them, so nothing was written:\n${[...names.slice(0, MOST_NAMES), ...more].join('\n')}\nKeep this solution as XML ('format: xml'), or let Dataverse commit it.`
}
