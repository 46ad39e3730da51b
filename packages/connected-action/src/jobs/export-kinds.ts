import { exportSolution } from '@dsa/dataverse-client'
import type { DataverseClient, ExportedSolution, ExportSetting, Solution } from '@dsa/dataverse-client'
import { archiveMismatch } from '@dsa/solution-package'
import type { PackageType } from '@dsa/solution-package'

export interface ExportedKind extends ExportedSolution {
  readonly managed: boolean
}

/** Whether the archives of a package type are managed, in their order. */
export function kindsOf(type: PackageType): readonly boolean[] {
  return type === 'Both' ? [false, true] : [type === 'Managed']
}

/**
 * Exports a solution in one or both kinds, as jobs that are followed to their end. What comes is checked to be just that
 * solution, kind and version.
 * @throws UserError with the server's reason; nothing is changed by an export
 */
export async function exportKinds(
  client: DataverseClient,
  { uniqueName, version }: Pick<Solution, 'uniqueName' | 'version'>,
  {
    kinds,
    settings,
    maxWaitMinutes,
    group = (_, work) => work(),
  }: {
    readonly kinds: readonly boolean[]
    readonly settings?: readonly ExportSetting[]
    readonly maxWaitMinutes: number
    /** Folds the lines of one export in the log. */
    readonly group?: <T>(title: string, work: () => Promise<T>) => Promise<T>
  },
): Promise<readonly ExportedKind[]> {
  const exported: ExportedKind[] = []
  for (const managed of kinds) {
    const one = await group(`Export ${uniqueName} ${version}, ${managed ? 'managed' : 'unmanaged'}`, () =>
      exportSolution(client, {
        uniqueName,
        managed,
        ...(settings && { settings }),
        maxWaitMinutes,
        earlier: exported,
        mismatch: (bytes) => archiveMismatch(bytes, { uniqueName, managed, version }),
      }),
    )
    exported.push({ ...one, managed })
  }
  return exported
}
