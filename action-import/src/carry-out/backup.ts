import { exportKinds, uploadContents } from '@dsa/connected-action'
import type { Solution } from '@dsa/dataverse-client'
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
  const [exported] = await exportKinds(client, installed, {
    kinds: [false],
    maxWaitMinutes: inputs.maxWaitMinutes,
  })
  if (exported === undefined) throw new Error('Nothing was exported.')
  const name = `${installed.uniqueName}_${installed.version.replaceAll('.', '_')}.zip`
  await uploadContents(deps, artifact, { [name]: exported.bytes })
  deps.log.info(`${installed.uniqueName} ${installed.version} is backed up as artifact '${artifact}'.`)
}
