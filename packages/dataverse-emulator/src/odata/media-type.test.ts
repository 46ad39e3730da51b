import { pick, withEmulator, type Kit } from '../testing/with-emulator.ts'
import { batch, request } from '../testing/protocol-kit.ts'

async function typeOf(kit: Kit, method: string, path: string, accept?: string, body?: unknown) {
  const answer = await kit.ask('dev', method, path, {
    ...(accept === undefined ? {} : { headers: { accept } }),
    ...(body === undefined ? {} : { body }),
  })
  return answer.headers.get('content-type')
}

const PLAIN = 'application/json; odata.metadata=minimal'

describe('the content type of answers', () => {
  test('is that of the service: rows, operations, metadata and refusals', () =>
    withEmulator({}, async (kit) => {
      for (const [method, path, body] of [
        ['GET', 'solutions?$top=1', undefined],
        ['GET', 'WhoAmI', undefined],
        ['GET', "EntityDefinitions(LogicalName='account')", undefined],
        ['POST', 'StageSolution', { CustomizationFile: '' }],
        ['GET', 'nobody', undefined],
        ['POST', 'ImportSolutionAsync', {}],
      ] as const)
        expect([path, await typeOf(kit, method, path, undefined, body)]).toEqual([path, PLAIN])
      expect(await typeOf(kit, 'GET', 'solutions/$count')).toBe('text/plain')
      expect(
        (await kit.ask('dev', 'POST', 'PublishAllXml', { body: {} })).headers.get('content-type'),
      ).toBeNull()
      const { text } = await batch(kit, [request('GET WhoAmI HTTP/1.1')])
      expect(text).toContain(`HTTP/1.1 200 OK\r\nContent-Type: ${PLAIN}\r\nOData-Version: 4.0\r\n\r\n{`)
    }))

  test('tells more, or nothing, besides the data when the request wants it', () =>
    withEmulator({}, async (kit) => {
      const path = 'solutions?$select=uniquename,installedon&$top=1'
      const ask = (level: string) =>
        kit.ask('dev', 'GET', path, { headers: { accept: `application/json;odata.metadata=${level}` } })
      const [full, none] = [await ask('full'), await ask('none')]
      expect([full.headers.get('content-type'), none.headers.get('content-type')]).toEqual([
        'application/json; odata.metadata=full',
        'application/json; odata.metadata=none',
      ])
      const row = (body: unknown) => Object.keys(Object(Object(pick(body, 'value'))[0]))
      expect([row(none.body), Object.keys(none.body)]).toEqual([
        ['uniquename', 'installedon', 'solutionid'],
        ['value'],
      ])
      expect(pick(full.body, 'value')).toMatchObject([
        {
          '@odata.type': '#Microsoft.Dynamics.CRM.solution',
          '@odata.id': expect.stringMatching(/\/api\/data\/v9\.2\/solutions\([0-9a-f-]{36}\)$/),
          'installedon@odata.type': '#DateTimeOffset',
          'solutionid@odata.type': '#Guid',
        },
      ])
      const paged = await kit.ask('dev', 'GET', 'solutions?$select=uniquename', {
        headers: { accept: 'application/json; odata.metadata=none', prefer: 'odata.maxpagesize=1' },
      })
      expect(Object.keys(paged.body)).toEqual(['value', '@odata.nextLink'])
    }))
})
