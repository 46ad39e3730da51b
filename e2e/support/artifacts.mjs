// What the artifact service holds of a run, asked as GitHub's own client asks, with nothing of ours in between.
import { createHash } from 'node:crypto'
import JSZip from 'jszip'
import { runtimeToken } from './runtime-token.mjs'

/**
 * @param {{ artifacts: string }} ready the line that the emulator prints
 * @param {string} run
 * @returns {Promise<{ name: string, files: Record<string, string> }[]>} sha256 by name of the file
 */
export async function artifactsOf({ artifacts: service }, run) {
  const { artifacts } = await call(service, run, 'ListArtifacts', {})
  return Promise.all(
    artifacts.map(async ({ name }) => {
      const { signed_url: address } = await call(service, run, 'GetSignedArtifactURL', { name })
      const answer = await fetch(address)
      return { name, files: await digests(await answer.arrayBuffer()) }
    }),
  )
}

async function call(service, run, name, ask) {
  const answer = await fetch(`${service}twirp/github.actions.results.api.v1.ArtifactService/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${runtimeToken(run)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ workflow_run_backend_id: run, workflow_job_run_backend_id: 'job', ...ask }),
  })
  if (!answer.ok) throw new Error(`${name} was answered with ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function digests(archive) {
  const { files } = await JSZip.loadAsync(archive)
  const entries = Object.values(files).map(async (file) => [
    file.name,
    createHash('sha256')
      .update(await file.async('nodebuffer'))
      .digest('hex'),
  ])
  return Object.fromEntries(await Promise.all(entries))
}
