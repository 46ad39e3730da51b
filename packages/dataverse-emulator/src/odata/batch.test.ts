import { withEmulator } from '../testing/with-emulator.ts'
import { batch, request, changeSet } from '../testing/protocol-kit.ts'

describe('batches', () => {
  test('addresses may be absolute, rooted or relative; Content-ID stands for a row that was just made', () =>
    withEmulator({}, async (kit) => {
      const origin = String(kit.emulator.ready.environments['dev'])
      const answer = await batch(kit, [
        changeSet(
          request('POST /api/data/v9.2/accounts HTTP/1.1', '{"name":"A"}'),
          request('POST contacts HTTP/1.1', '{"lastname":"B","parentcustomerid_account@odata.bind":"$1"}'),
          request('PATCH $1 HTTP/1.1', '{"telephone1":"1"}'),
        ),
        request(`GET ${origin}/api/data/v9.2/accounts?$select=name,telephone1 HTTP/1.1`),
      ])
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
      expect(answer.text.match(/HTTP\/1\.1 204/g)).toHaveLength(3)
      expect(answer.text).toContain('"telephone1":"1"')
      expect((await kit.rows('dev', "contacts?$filter=parentcustomerid_account/name eq 'a'")).length).toBe(1)
    }))

  test('a change set that fails leaves nothing; the batch ends there, or goes on when asked to', () =>
    withEmulator({}, async (kit) => {
      const parts = [
        changeSet(
          request('POST accounts HTTP/1.1', '{"name":"A"}'),
          request('POST accounts HTTP/1.1', '{"name":7}'),
        ),
        request('GET WhoAmI HTTP/1.1'),
      ]
      const stopped = await batch(kit, parts)
      expect([stopped.status, stopped.text.includes('0x80048d19'), stopped.text.includes('UserId')]).toEqual([
        400,
        true,
        false,
      ])
      const went = await batch(kit, parts, { prefer: 'odata.continue-on-error' })
      expect([went.status, went.text.includes('0x80048d19'), went.text.includes('UserId')]).toEqual([
        200,
        true,
        true,
      ])
      expect(await kit.rows('dev', 'accounts')).toEqual([])
    }))
})
