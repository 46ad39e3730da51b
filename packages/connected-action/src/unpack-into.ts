import {
  mirrorFolder,
  openPackage,
  openZip,
  presentFolder,
  refuseLinkOut,
  refuseToReplace,
  unpackSolution,
} from '@dsa/solution-package'
import type { MirrorResult, PackageType } from '@dsa/solution-package'
import type { ActionDeps } from '@dsa/action-kit'
import type { ExportedKind } from './jobs/export-kinds.ts'

/**
 * Makes a folder hold the source of a solution that was just exported, as action-unpack does: a mirror of the archive,
 * byte for byte. A folder with another solution is not touched.
 * @throws SolutionError, FolderError
 */
export function unpackInto(
  folder: string,
  exported: readonly ExportedKind[],
  { log, root }: Pick<ActionDeps, 'log' | 'root'>,
): MirrorResult {
  refuseLinkOut(folder, { root, allowOutside: false })
  const parts = (managed: boolean) => {
    const label = managed ? 'the managed export' : 'the unmanaged export'
    const one = exported.find((kind) => kind.managed === managed)
    return one && openPackage(openZip(one.bytes, { label }), label)
  }
  const [unmanaged, managed] = [parts(false), parts(true)]
  const archive = unmanaged ?? managed
  if (archive === undefined) throw new Error('Nothing was exported.')
  const packageType: PackageType =
    unmanaged === undefined ? 'Managed' : managed === undefined ? 'Unmanaged' : 'Both'
  const solution = unpackSolution(
    { archive, ...(packageType === 'Both' && managed !== undefined && { managed }) },
    { packageType },
  )
  refuseToReplace(presentFolder(folder), solution.manifest)
  for (const { path, reason } of solution.notCarried) log.warning(`${path} is not carried over: ${reason}.`)
  for (const warning of [...solution.missingFiles, ...solution.warnings]) log.warning(warning)
  return mirrorFolder(folder, solution.files, {
    overwrite: undefined,
    lineEndings: 'auto',
    made: new Set(),
    workspace: root,
  })
}
