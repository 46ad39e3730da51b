import { codeOf, pick, withEmulator } from '../testing/with-emulator.ts'
import { succeeded, failed, solutions, uninstall, resourceId, BASE } from '../testing/solution-kit.ts'

describe('managed and unmanaged', () => {
  test('an unmanaged import merges, arrives as draft and is published', () =>
    withEmulator({}, async (kit) => {
      await succeeded(
        kit,
        { uniqueName: 'Orders', webResources: { 'new_/a.js': 'one' } },
        { environment: 'dev' },
      )
      const id = await resourceId(kit, 'new_/a.js', 'dev')
      expect(pick(await kit.done('dev', 'GET', `webresourceset(${id})`), 'componentstate')).toBe(1)
      await kit.done('dev', 'POST', 'PublishAllXml', {})
      expect(pick(await kit.done('dev', 'GET', `webresourceset(${id})`), 'componentstate')).toBe(0)
    }))

  test('an unmanaged import is additive: what the new version lacks stays', () =>
    withEmulator({}, async (kit) => {
      await succeeded(
        kit,
        { uniqueName: 'Orders', tables: { new_A: ['new_x'], new_B: ['new_x'] } },
        { environment: 'dev' },
      )
      await succeeded(
        kit,
        { uniqueName: 'Orders', version: '1.1', tables: { new_A: ['new_x'] } },
        { environment: 'dev' },
      )
      expect((await kit.ask('dev', 'GET', 'new_bs')).status).toBe(200)
    }))

  test('a managed import arrives published', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      expect(
        pick(
          await kit.done('prod', 'GET', `webresourceset(${await resourceId(kit, 'new_/a.js')})`),
          'componentstate',
        ),
      ).toBe(0)
    }))

  test('deleting an unmanaged solution removes the container alone', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...BASE, managed: false }, { environment: 'dev' })
      expect((await uninstall(kit, 'Orders', 'dev')).status).toBe(204)
      expect(await solutions(kit, 'dev')).toEqual({})
      expect((await kit.ask('dev', 'GET', 'new_orders')).status).toBe(200)
    }))

  test('deleting a managed solution removes its components with their data', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await kit.done('prod', 'POST', 'new_orders', { new_name: 'a row' })
      expect((await uninstall(kit, 'Orders')).status).toBe(204)
      expect(codeOf(await kit.ask('prod', 'GET', 'new_orders'))).toBe('0x80060888')
      await succeeded(kit, BASE)
      expect(await kit.rows('prod', 'new_orders')).toEqual([])
    }))

  test('a managed solution cannot be exported, the default solution neither, an unknown one neither', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      const ask = (SolutionName: string) =>
        kit.ask('prod', 'POST', 'ExportSolution', { body: { SolutionName, Managed: false } })
      expect(codeOf(await ask('Orders'))).toBe('0x80048036')
      expect(codeOf(await ask('Default'))).toBe('0x80048048')
      expect(codeOf(await ask('Nobody'))).toBe('0x80048037')
    }))

  test('managed over unmanaged and unmanaged over managed are refused', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...BASE, managed: false }, { environment: 'test' })
      expect((await failed(kit, { ...BASE, version: '2.0' }, { environment: 'test' })).code).toBe(
        '0x80048040',
      )
      await succeeded(kit, BASE)
      expect((await failed(kit, { ...BASE, version: '2.0', managed: false })).code).toBe('0x80048041')
    }))

  test('both kinds are exported at the version that was set in the environment', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...BASE, managed: false }, { environment: 'dev' })
      const [row] = await kit.rows('dev', "solutions?$filter=uniquename eq 'Orders'")
      await kit.done('dev', 'PATCH', `solutions(${String(row?.['solutionid'])})`, { version: '4.5.6.7' })
      for (const Managed of [false, true]) {
        const { ExportSolutionFile } = await kit.done('dev', 'POST', 'ExportSolution', {
          SolutionName: 'Orders',
          Managed,
        })
        const staged = await kit.done('prod', 'POST', 'StageSolution', {
          CustomizationFile: ExportSolutionFile,
        })
        expect(pick(staged, 'StageSolutionResults', 'SolutionDetails')).toMatchObject({
          SolutionVersion: '4.5.6.7',
          IsManaged: Managed,
        })
      }
    }))
})
