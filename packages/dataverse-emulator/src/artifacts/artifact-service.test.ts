import { isRecord } from '../http/exchange.ts'
import { withEmulator } from '../testing/with-emulator.ts'

describe('the artifact service', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const runtimeToken = `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-1:job-1' })}.emulated-signature-of-the-runner`

  test('uploads whole or in blocks, lists, hands out and deletes', () =>
    withEmulator({}, async (kit) => {
      const call = async (name: string, body: object, token = runtimeToken) => {
        const response = await fetch(
          `${kit.emulator.ready.artifacts}twirp/github.actions.results.api.v1.ArtifactService/${name}`,
          {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
        )
        const answer: unknown = await response.json()
        return { status: response.status, body: isRecord(answer) ? answer : {} }
      }
      const ids = { workflow_run_backend_id: 'run-1', workflow_job_run_backend_id: 'job-1' }
      const created = await call('CreateArtifact', {
        ...ids,
        name: 'solution',
        version: 7,
        mime_type: { value: 'application/zip' },
      })
      const address = String(created.body['signed_upload_url'])
      await fetch(`${address}&comp=block&blockid=MQ==`, { method: 'PUT', body: 'hello ' })
      await fetch(`${address}&comp=block&blockid=Mg==`, { method: 'PUT', body: 'world' })
      await fetch(`${address}&comp=blocklist`, {
        method: 'PUT',
        body: '<BlockList><Latest>MQ==</Latest><Latest>Mg==</Latest></BlockList>',
      })
      const hash = 'sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'
      expect(
        (await call('FinalizeArtifact', { ...ids, name: 'solution', size: '11', hash: { value: hash } }))
          .body['ok'],
      ).toBe(true)
      expect((await call('CreateArtifact', { ...ids, name: 'solution' })).status).toBe(409)
      expect(
        (await call('ListArtifacts', { ...ids, name_filter: { value: 'solution' } })).body,
      ).toMatchObject({
        artifacts: [{ name: 'solution', size: '11', digest: hash, workflow_run_backend_id: 'run-1' }],
      })
      expect((await call('ListArtifacts', { ...ids, workflow_run_backend_id: 'run-2' })).body).toEqual({
        artifacts: [],
      })
      const signed = await call('GetSignedArtifactURL', { ...ids, name: 'solution' })
      expect(await (await fetch(String(signed.body['signed_url']))).text()).toBe('hello world')
      expect((await call('DeleteArtifact', { ...ids, name: 'solution' })).status).toBe(200)
      expect((await call('GetSignedArtifactURL', { ...ids, name: 'solution' })).status).toBe(404)
      expect((await call('ListArtifacts', ids, 'no.token.here')).status).toBe(401)
    }))
})
