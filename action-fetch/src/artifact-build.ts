import type { ActionDeps } from '@dsa/action-kit'
import { openZip, type ZipEntry } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import { type Build, MAX_BYTES } from './build.ts'
import { sha256Of } from './checksums.ts'
import type { BuildPlace, Inputs } from './inputs.ts'
import { repositoryOf, tokenOf } from './repository.ts'

/** The build in an artifact of this run or of another one. */
export async function artifactBuild(
  { name, runId }: Extract<BuildPlace, { kind: 'artifact' }>,
  inputs: Inputs,
  deps: ActionDeps,
): Promise<Build> {
  const { owner, repo } = repositoryOf(inputs, deps)
  const ofThisRun = runId === undefined || String(runId) === deps.environment['GITHUB_RUN_ID']
  const source = ofThisRun ? `the artifact '${name}'` : `the artifact '${name}' of run ${runId}`
  const run = ofThisRun ? undefined : { id: runId, owner, repository: repo, token: tokenOf(inputs) }
  const { bytes, digest } = await deps.artifacts.read(name, MAX_BYTES, run)
  const sum = sha256Of(bytes)
  if (digest !== undefined && digest !== '' && digest !== sum) {
    throw new UserError(
      `The artifact '${name}' came damaged: its sum is ${sum}, and it was uploaded with ${digest}. Run the job again.`,
    )
  }
  return { source, files: filesOf(name, bytes) }
}

/** What was uploaded as it is (`archive: false`) is itself the solution; the name of such an artifact is its file's. */
function filesOf(name: string, bytes: Uint8Array): Build['files'] {
  const entries = openZip(bytes, {
    label: `The artifact '${name}'`,
    limits: { maxTotalBytes: 2 * MAX_BYTES },
  })
  if (entries.some(isManifest)) {
    return [{ path: name, size: bytes.length, read: () => Promise.resolve(bytes) }]
  }
  return entries
    .filter((entry) => !entry.name.endsWith('/'))
    .map((entry) => ({
      path: entry.name,
      size: entry.size,
      read: () => Promise.resolve(entry.read()),
    }))
}

function isManifest({ name }: ZipEntry): boolean {
  return name.toLowerCase() === 'solution.xml'
}
