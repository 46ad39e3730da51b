import { codeOf, withEmulator } from '../testing/with-emulator.ts'

describe('service protection', () => {
  test('limits that are switched on answer 429 with Retry-After', () =>
    withEmulator({ limits: { requests: 3, windowSeconds: 60 } }, async (kit) => {
      for (let index = 0; index < 3; index += 1)
        expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
      const refused = await kit.ask('dev', 'GET', 'WhoAmI')
      expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([
        429,
        '0x80072322',
        '60',
      ])
      kit.emulator.clock.advance(61_000)
      expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
    }))
})
