import { codeOf, withEmulator } from '../testing/with-emulator.ts'
import { succeeded, failed, solutions, BASE } from '../testing/solution-kit.ts'

describe('publishers and versions', () => {
  test('a managed solution cannot change its publisher', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      const { code, message } = await failed(kit, { ...BASE, version: '2.0', publisher: 'fabrikam' })
      expect([code, message]).toEqual([
        '0x8004801c',
        'The following managed solution cannot be imported: Orders. The publisher name cannot be changed from contoso to fabrikam.',
      ])
    }))

  test('a lower version is accepted as an update and refused as an upgrade', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...BASE, version: '2.0.0.0' })
      await succeeded(kit, { ...BASE, version: '1.0.0.0' })
      expect(await solutions(kit)).toEqual({ Orders: '1.0.0.0' })
      expect(
        (await failed(kit, { ...BASE, version: '0.9.0.0' }, { action: 'StageAndUpgradeAsync' })).code,
      ).toBe('0x80048541')
      expect(
        (await failed(kit, { ...BASE, version: '1.0' }, { options: { HoldingSolution: true } })).code,
      ).toBe('0x80048541')
    }))

  test('a managed solution, and a built-in one, cannot be edited; a version must be one', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, { uniqueName: 'Mine' })
      const id = async (name: string) =>
        String((await kit.rows('prod', `solutions?$filter=uniquename eq '${name}'`))[0]?.['solutionid'])
      const patch = async (name: string, version: string) =>
        codeOf(
          await kit.ask('prod', 'PATCH', `solutions(${await id(name)})`, {
            body: { version },
            headers: { 'if-match': '*' },
          }),
        )
      expect(await patch('Orders', '9.9')).toBe('0x8004f024')
      expect(await patch('Default', '9.9')).toBe('0x8004f009')
      expect(await patch('Mine', 'nine')).toBe('0x8004f01e')
      expect(await patch('Mine', '9.9')).toBeUndefined()
    }))

  test('names of new solutions are checked', () =>
    withEmulator({}, async (kit) => {
      const [publisher] = await kit.rows(
        'dev',
        "publishers?$filter=startswith(uniquename,'DefaultPublisher')",
      )
      const create = async (uniquename: string) =>
        codeOf(
          await kit.ask('dev', 'POST', 'solutions', {
            body: {
              uniquename,
              friendlyname: 'x',
              version: '1.0.0.0',
              'publisherid@odata.bind': `/publishers(${String(publisher?.['publisherid'])})`,
            },
          }),
        )
      expect(await create('1abc')).toBe('0x8004f002')
      expect(await create('Active')).toBe('0x8004f022')
      expect(await create('Good')).toBeUndefined()
      expect(await create('good')).toBe('0x8004f023')
    }))

  test('the prefix of a publisher in use cannot change; a read-only one nothing', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      const [publisher] = await kit.rows('prod', "publishers?$filter=uniquename eq 'contoso'")
      const answer = await kit.ask('prod', 'PATCH', `publishers(${String(publisher?.['publisherid'])})`, {
        body: { customizationprefix: 'abc' },
      })
      expect(answer.status).toBe(400)
    }))
})
