import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportSolution } from '@dsa/dataverse-client'
import type { Solution } from '@dsa/dataverse-client'
import { isArchiveOf } from '@dsa/solution-package'
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
    isRight: (archive) => isArchiveOf(archive, installed.uniqueName, false),
  })
  const folder = await mkdtemp(join(tmpdir(), 'backup-'))
  try {
    const file = join(folder, `${installed.uniqueName}_${installed.version.replaceAll('.', '_')}.zip`)
    await writeFile(file, bytes)
    await deps.artifacts.upload(artifact, [file], folder)
    deps.log.info(`${installed.uniqueName} ${installed.version} is backed up as artifact '${artifact}'.`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
