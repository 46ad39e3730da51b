import { uploadContents } from '@dsa/connected-action'
import { exportSolution } from '@dsa/dataverse-client'
import type { Solution } from '@dsa/dataverse-client'
import { archiveMismatch } from '@dsa/solution-package'
import type { Session } from '../session.ts'

/** Exports the unmanaged solution that is there and keeps it as an artifact: an unmanaged import has no way back. */
export async function backUp(
  { inputs, deps, client }: Session,
  installed: Solution | undefined,
): Promise<void> {
  const artifact = inputs.backupArtifactName
  if (artifact === undefined) return
  if (installed === undefined || installed.isManaged) {
    deps.log.notice(
      "'backup-artifact-name': there is no unmanaged solution of that name, so there is nothing to back up.",
    )
    return
  }
  const { bytes } = await exportSolution(client, {
    uniqueName: installed.uniqueName,
    managed: false,
    maxWaitMinutes: inputs.maxWaitMinutes,
    mismatch: (archive) =>
      archiveMismatch(archive, {
        uniqueName: installed.uniqueName,
        managed: false,
        version: installed.version,
      }),
  })
  const name = `${installed.uniqueName}_${installed.version.replaceAll('.', '_')}.zip`
  await uploadContents(deps, artifact, { [name]: bytes })
  deps.log.info(`${installed.uniqueName} ${installed.version} is backed up as artifact '${artifact}'.`)
}
