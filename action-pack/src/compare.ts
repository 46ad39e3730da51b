import { type ActionDeps, docsPage, SUMMARY_BYTES } from '@dsa/action-kit'
import {
  archiveTree,
  openPackage,
  openZip,
  type PackedSolution,
  readSourceManifest,
  type SourceTree,
  withVersion,
} from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'

/** The input that names what is compared with. */
const INPUT = 'compare-with'

interface Packed {
  /** Where the source lies; an absolute path. */
  readonly folder: string
  readonly tree: SourceTree
  readonly packed: PackedSolution
}

/**
 * What changed since another version, as Markdown; undefined when nothing is compared.
 * @param given a folder, an archive or a revision
 * @throws UserError, SolutionError or XmlError when that version cannot be read, or is another solution
 */
export async function compareWith(
  given: string | undefined,
  source: Packed,
  deps: ActionDeps,
): Promise<string | undefined> {
  if (given === undefined) return undefined
  // Both are large, and most packing compares nothing.
  const { makeReport, openSide, reportMarkdown } = await import('@dsa/solution-comparison')
  const { compareSolutions } = await import('@dsa/solution-package/diff')
  const { manifest } = source.packed
  const solutionName = manifest.uniqueName
  const base = await openSide({ given, input: INPUT, folder: source.folder, solutionName }, deps)
  const before = base && readSourceManifest(base)
  if (before !== undefined && before.uniqueName.toLowerCase() !== manifest.uniqueName.toLowerCase())
    throw new UserError(
      `'${INPUT}' ${given} is the solution '${before.uniqueName}', and '${manifest.uniqueName}' is packed. Give another version of that solution.`,
    )
  const diff = compareSolutions(base, packedTree(source, before?.managed))
  const report = makeReport({ base: given, head: `${manifest.uniqueName} ${manifest.version}` }, [
    { folder: '.', ...diff },
  ])
  return reportMarkdown(report, {
    maxBytes: SUMMARY_BYTES,
    pageOf: (page) => docsPage(page, deps.environment),
  })
}

/** What is packed, in the form of the other side: of an archive the files of the packed one of its kind. */
function packedTree({ tree, packed }: Packed, kind: string | undefined): SourceTree {
  const archive = packed.archives.find((one) => one.kind === kind)
  if (archive !== undefined) return archiveTree(openPackage(openZip(archive.bytes)))
  return {
    paths: tree.paths,
    read: (path) =>
      path === 'Other/Solution.xml' ? withVersion(tree.read(path), packed.manifest.version) : tree.read(path),
  }
}

/** Where the report lies: beside the archive, so that it goes along into a release. */
export function changesFile(solutionFile: string): string {
  return `${solutionFile.replace(/\.zip$/i, '')}.changes.md`
}
