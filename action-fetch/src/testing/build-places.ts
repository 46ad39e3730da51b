import { createHash } from 'node:crypto'
import type { Emulated } from '../../../tests/support/emulated.ts'

/** Test support: what a pipeline left on the emulator's GitHub, put there as GitHub's own clients do. */

export const REPOSITORY = 'contoso/orders'
export const TOKEN = 'ghs_emulated-token-of-a-job-that-may-all'

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The runner's token names the run whose artifacts it reaches. */
export function runtimeToken(run: string): string {
  return `${part({ alg: 'none' })}.${part({ scp: `Actions.Results:${run}:job` })}.signature-of-the-runner`
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @param digest another one than the content has, as of an artifact that was replaced */
export async function upload(
  { emulator }: Emulated,
  run: string,
  name: string,
  bytes: Uint8Array,
  digest = sha256(bytes),
): Promise<void> {
  const call = async (method: string, ask: object): Promise<Record<string, string>> => {
    const answer = await fetch(
      `${emulator.ready.artifacts}twirp/github.actions.results.api.v1.ArtifactService/${method}`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${runtimeToken(run)}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          workflow_run_backend_id: run,
          workflow_job_run_backend_id: 'job',
          name,
          ...ask,
        }),
      },
    )
    const row: Record<string, string> = JSON.parse(await answer.text())
    return row
  }
  const { signed_upload_url: address = '' } = await call('CreateArtifact', {})
  await fetch(address, { method: 'PUT', body: Uint8Array.from(bytes) })
  await call('FinalizeArtifact', { hash: `sha256:${digest}` })
}

export interface PublishedRelease {
  readonly tag: string
  readonly assets: Readonly<Record<string, Uint8Array>>
  readonly draft?: boolean
  readonly prerelease?: boolean
}

async function send(address: string, body: Uint8Array | string): Promise<Record<string, unknown>> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/zip' },
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  })
  const row: Record<string, unknown> = JSON.parse(await answer.text())
  return row
}

export async function release(
  { emulator }: Emulated,
  { tag, assets, draft = false, prerelease = false }: PublishedRelease,
  repository = REPOSITORY,
): Promise<void> {
  const { upload_url: template } = await send(
    `${emulator.ready.github}/repos/${repository}/releases`,
    JSON.stringify({ tag_name: tag, draft, prerelease }),
  )
  const uploads = String(template).replace(/\{.*/, '')
  for (const [name, bytes] of Object.entries(assets)) {
    await send(`${uploads}?name=${encodeURIComponent(name)}`, bytes)
  }
}
