import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ActionDeps, UploadedArtifact } from '@dsa/action-kit'

/**
 * Uploads what is in memory as an artifact; the files for it are there only meanwhile.
 * @param contents by the name of the file
 */
export async function uploadContents(
  { artifacts }: Pick<ActionDeps, 'artifacts'>,
  artifact: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<UploadedArtifact> {
  const folder = await mkdtemp(join(tmpdir(), 'artifact-'))
  try {
    const files: string[] = []
    for (const [name, content] of Object.entries(contents)) {
      const file = join(folder, name)
      await writeFile(file, content)
      files.push(file)
    }
    return await artifacts.upload(artifact, files, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
