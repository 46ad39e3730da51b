import { codeOf, pick, withEmulator } from '../testing/with-emulator.ts'
import {
  file,
  succeeded,
  failed,
  solutions,
  layersOf,
  resourceId,
  BASE,
  patch,
} from '../testing/solution-kit.ts'

describe('ways to bring a newer version', () => {
  test('install, then update: new definitions, nothing removed', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, { ...BASE, version: '1.1', tables: { new_Order: ['new_name'] }, webResources: {} })
      expect(await solutions(kit)).toEqual({ Orders: '1.1' })
      await kit.done('prod', 'POST', 'new_orders', { new_note: 'the column is still there' })
      expect(await resourceId(kit, 'new_/a.js')).not.toBe('undefined')
    }))

  test('a holding import installs beside the base and removes nothing yet; applying it does', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await kit.done('prod', 'POST', 'new_orders', { new_name: 'kept', new_note: 'lost' })
      const key = await succeeded(
        kit,
        { ...BASE, version: '2.0', tables: { new_Order: ['new_name'] }, webResources: {} },
        { options: { HoldingSolution: true } },
      )
      expect(
        pick(await kit.done('prod', 'GET', `importjobs(${key})?$select=importcontext`), 'importcontext'),
      ).toBe('ImportHolding')
      expect(await solutions(kit)).toEqual({ Orders: '1.0.0.0', Orders_Upgrade: '2.0' })
      expect((await kit.rows('prod', 'new_orders'))[0]).toMatchObject({ new_note: 'lost' })
      const order = (
        await layersOf(
          kit,
          'Entity',
          pick(await kit.done('prod', 'GET', "EntityDefinitions(LogicalName='new_order')"), 'MetadataId'),
        )
      ).map((row) => row['msdyn_solutionname'])
      expect(order).toEqual(['Orders', 'Orders_Upgrade'])
      expect(
        codeOf(await kit.ask('prod', 'POST', 'DeleteAndPromote', { body: { UniqueName: 'Orders_Upgrade' } })),
      ).toBe('0x8004853c')
      await kit.done('prod', 'POST', 'DeleteAndPromote', { UniqueName: 'Orders' })
      expect(await solutions(kit)).toEqual({ Orders: '2.0' })
      const [row] = await kit.rows('prod', 'new_orders')
      expect([row?.['new_name'], row !== undefined && 'new_note' in row]).toEqual(['kept', false])
      expect(await resourceId(kit, 'new_/a.js')).toBe('undefined')
      expect(
        codeOf(await kit.ask('prod', 'POST', 'DeleteAndPromote', { body: { UniqueName: 'Orders' } })),
      ).toBe('0x8004853b')
    }))

  test('a single-step upgrade removes what is gone, with data', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, { ...BASE, version: '2.0', tables: {} }, { action: 'StageAndUpgradeAsync' })
      expect(await solutions(kit)).toEqual({ Orders: '2.0' })
      expect((await kit.ask('prod', 'GET', 'new_orders')).status).toBe(404)
    }))

  test('a single-step upgrade of what is not installed is an install', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE, { action: 'StageAndUpgradeAsync' })
      expect(await solutions(kit)).toEqual({ Orders: '1.0.0.0' })
    }))

  test('a failed upgrade leaves the old version, or a holding solution when it is told to', () =>
    withEmulator(
      {
        faults: [
          { job: 'StageAndUpgradeAsync', code: '0x8004f046', message: 'no', leavesHolding: true, nth: 2 },
          { job: 'StageAndUpgradeAsync', code: '0x8004f046', message: 'no' },
        ],
      },
      async (kit) => {
        await succeeded(kit, BASE)
        expect(
          (await failed(kit, { ...BASE, version: '2.0' }, { action: 'StageAndUpgradeAsync' })).code,
        ).toBe('0x8004f046')
        expect(await solutions(kit)).toEqual({ Orders: '1.0.0.0' })
        expect(
          (await failed(kit, { ...BASE, version: '2.0' }, { action: 'StageAndUpgradeAsync' })).message,
        ).toMatch(/^ImportAsHolding failed with exception :/)
        expect(await solutions(kit)).toEqual({ Orders: '1.0.0.0', Orders_Upgrade: '2.0' })
        const staged = await kit.done('prod', 'POST', 'StageSolution', {
          CustomizationFile: await file({ ...BASE, version: '3.0' }),
        })
        expect(pick(staged, 'StageSolutionResults', 'SolutionDetails', 'HasPendingUpgrade')).toBe(true)
      },
    ))

  test('patches: base needed, same major.minor, higher than those there; an upgrade rolls them up', () =>
    withEmulator({}, async (kit) => {
      expect((await failed(kit, patch('1.0.1.0'))).code).toBe('0x80048540')
      await succeeded(kit, BASE)
      await succeeded(kit, patch('1.0.2.0'))
      const [row] = await kit.rows(
        'prod',
        "solutions?$filter=uniquename eq 'Orders_Patch_1020'&$expand=parentsolutionid($select=uniquename)",
      )
      expect(pick(row, 'parentsolutionid', 'uniquename')).toBe('Orders')
      expect((await failed(kit, { ...patch('1.0.2.0'), uniqueName: 'Orders_Patch_other' })).code).toBe(
        '0x8004f042',
      )
      expect((await failed(kit, patch('1.0.1.0'))).code).toBe('0x80061771')
      await succeeded(kit, { ...BASE, version: '1.0.0.1' })
      expect(Object.keys(await solutions(kit))).toEqual(['Orders', 'Orders_Patch_1020'])
      await succeeded(kit, { ...BASE, version: '1.1' }, { action: 'StageAndUpgradeAsync' })
      expect(await solutions(kit)).toEqual({ Orders: '1.1' })
      expect(await resourceId(kit, 'new_/p.js')).toBe('undefined')
    }))

  test('while a solution has patches, its base cannot be edited', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { uniqueName: 'Orders' }, { environment: 'dev' })
      await kit.done('dev', 'POST', 'CloneAsPatch', {
        ParentSolutionUniqueName: 'Orders',
        DisplayName: 'p',
        VersionNumber: '1.0.1.0',
      })
      const [row] = await kit.rows('dev', "solutions?$filter=uniquename eq 'Orders'")
      expect(
        codeOf(
          await kit.ask('dev', 'PATCH', `solutions(${String(row?.['solutionid'])})`, {
            body: { version: '1.0.5.0' },
          }),
        ),
      ).toBe('0x80048538')
      expect(
        codeOf(
          await kit.ask('dev', 'POST', 'CloneAsPatch', {
            body: { ParentSolutionUniqueName: 'Orders', DisplayName: 'p', VersionNumber: '1.1.0.0' },
          }),
        ),
      ).toBe('0x80048539')
      await kit.done('dev', 'POST', 'CloneAsSolution', {
        ParentSolutionUniqueName: 'Orders',
        DisplayName: 'Orders',
        VersionNumber: '1.1.0.0',
      })
      expect(await solutions(kit, 'dev')).toEqual({ Orders: '1.1.0.0' })
      expect(
        (
          await kit.ask(
            'dev',
            'POST',
            `solutions(${String(row?.['solutionid'])})/Microsoft.Dynamics.CRM.CloneAsPatch`,
            { body: {} },
          )
        ).status,
      ).toBe(404)
    }))
})
