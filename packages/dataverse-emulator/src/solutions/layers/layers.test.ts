import { type SolutionSketch } from '../../testing/solution-archive.ts'
import { pick, withEmulator } from '../../testing/with-emulator.ts'
import { FORM, VIEW, succeeded, layersOf, resourceId, uninstall, BASE } from '../../testing/solution-kit.ts'

describe('layers', () => {
  test('managed layers lie in the order of installation, Active on top', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...BASE, uniqueName: 'First' })
      await succeeded(kit, { ...BASE, uniqueName: 'Second' })
      await succeeded(kit, { uniqueName: 'Hand', webResources: { 'new_/a.js': 'by hand' } })
      const layers = await layersOf(kit, 'WebResource', await resourceId(kit, 'new_/a.js'))
      expect(layers.map((row) => [row['msdyn_order'], row['msdyn_solutionname']])).toEqual([
        [1, 'First'],
        [2, 'Second'],
        [3, 'Active'],
      ])
    }))

  test('the top layer wins: a change by hand hides later managed versions until it is removed', () =>
    withEmulator({}, async (kit) => {
      const content = async (id: string) =>
        Buffer.from(
          String(pick(await kit.done('prod', 'GET', `webresourceset(${id})`), 'content')),
          'base64',
        ).toString()
      await succeeded(kit, BASE)
      const id = await resourceId(kit, 'new_/a.js')
      await succeeded(kit, { uniqueName: 'Hand', webResources: { 'new_/a.js': 'by hand' } })
      await succeeded(kit, { ...BASE, version: '2.0', webResources: { 'new_/a.js': 'two' } })
      expect(await content(id)).toBe('by hand')
      await kit.done('prod', 'POST', 'RemoveActiveCustomizations', {
        SolutionComponentName: 'WebResource',
        ComponentId: id,
      })
      expect(await content(id)).toBe('two')
      expect((await layersOf(kit, 'WebResource', id)).map((row) => row['msdyn_solutionname'])).toEqual([
        'Orders',
      ])
    }))

  test('overwriting removes unmanaged layers, but not those of kinds that merge', () =>
    withEmulator({}, async (kit) => {
      const both: SolutionSketch = { ...BASE, forms: { [FORM]: 'new_Order' } }
      await succeeded(kit, both)
      await succeeded(kit, { ...both, uniqueName: 'Hand', managed: false })
      await succeeded(
        kit,
        { ...both, version: '2.0' },
        { options: { OverwriteUnmanagedCustomizations: true } },
      )
      expect(
        (await layersOf(kit, 'WebResource', await resourceId(kit, 'new_/a.js'))).map(
          (row) => row['msdyn_solutionname'],
        ),
      ).toEqual(['Orders'])
      expect((await layersOf(kit, 'SystemForm', FORM)).map((row) => row['msdyn_solutionname'])).toEqual([
        'Orders',
        'Active',
      ])
    }))

  test('a managed import can leave an unmanaged layer on a form', () =>
    withEmulator({ faults: [{ job: 'ImportSolutionAsync', leavesFormLayer: true }] }, async (kit) => {
      await succeeded(kit, { ...BASE, forms: { [FORM]: 'new_Order' } })
      const layers = await layersOf(kit, 'SystemForm', FORM)
      expect(layers.map((row) => row['msdyn_solutionname'])).toEqual(['Orders', 'Active'])
    }))

  test.each([
    { set: 'webresourceset', typeName: 'WebResource', change: { content: 'YnkgaGFuZA==' } },
    { set: 'systemforms', typeName: 'SystemForm', change: { formxml: '<form />' } },
    { set: 'savedqueries', typeName: 'SavedQuery', change: { name: 'By hand' } },
  ])('a change by hand of a row of $set makes an unmanaged layer: green, and nothing changes', (kind) =>
    withEmulator({}, async (kit) => {
      const { set, typeName, change } = kind
      const sketch: SolutionSketch = {
        ...BASE,
        forms: { [FORM]: 'new_Order' },
        views: { [VIEW]: 'new_Order' },
      }
      const id = async () =>
        ({ SystemForm: FORM, SavedQuery: VIEW })[typeName] ?? (await resourceId(kit, 'new_/a.js'))
      const layers = async () => layersOf(kit, typeName, await id())
      const shown = async () => kit.done('prod', 'GET', `${set}(${await id()})`)
      await succeeded(kit, sketch)
      const before = await shown()
      kit.emulator.clock.advance(1000)
      await kit.done('prod', 'PATCH', `${set}(${await id()})`, change)
      expect(await shown()).toMatchObject({ ...change, componentstate: 1 })
      const [bottom, top] = await layers()
      expect([bottom?.['msdyn_solutionname'], top?.['msdyn_solutionname'], top?.['msdyn_order']]).toEqual([
        'Orders',
        'Active',
        2,
      ])
      expect(JSON.parse(String(top?.['msdyn_changes']))).toMatchObject({
        Attributes: Object.entries(change).map(([Key, Value]) => ({ Key, Value })),
      })
      await kit.done('prod', 'POST', 'PublishAllXml', {})
      await succeeded(kit, {
        ...sketch,
        version: '2.0',
        webResources: { 'new_/a.js': 'two' },
      })
      expect(await shown()).toMatchObject({ ...change, componentstate: 0 })
      await kit.done('prod', 'POST', 'RemoveActiveCustomizations', {
        SolutionComponentName: typeName,
        ComponentId: await id(),
      })
      expect(await layers()).toHaveLength(1)
      const [name = ''] = Object.keys(change)
      expect((await shown())[name]).toEqual(
        typeName === 'WebResource' ? Buffer.from('two').toString('base64') : before[name],
      )
    }),
  )

  test('a change that changes nothing, and one of an unmanaged component, make no further layer', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      const id = await resourceId(kit, 'new_/a.js')
      const { displayname } = await kit.done('prod', 'GET', `webresourceset(${id})`)
      await kit.done('prod', 'PATCH', `webresourceset(${id})`, { displayname })
      expect(await layersOf(kit, 'WebResource', id)).toHaveLength(1)
      await uninstall(kit, 'Orders')
      await succeeded(kit, { uniqueName: 'Hand', webResources: { 'new_/a.js': 'by hand' } })
      const own = await resourceId(kit, 'new_/a.js')
      await kit.done('prod', 'PATCH', `webresourceset(${own})`, { displayname: 'Edited' })
      expect((await layersOf(kit, 'WebResource', own)).map((row) => row['msdyn_solutionname'])).toEqual([
        'Active',
      ])
    }))

  test('component summaries tell of active customizations; filters on their booleans are refused', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, { uniqueName: 'Hand', webResources: { 'new_/a.js': 'by hand' } })
      const [row] = await kit.rows('prod', "solutions?$filter=uniquename eq 'Orders'")
      const id = String(row?.['solutionid'])
      const summaries = await kit.rows(
        'prod',
        `msdyn_solutioncomponentsummaries?$filter=(msdyn_solutionid eq ${id}) and (msdyn_componenttype eq 61)`,
      )
      expect(
        summaries.map((item) => [item['msdyn_schemaname'], item['msdyn_hasactivecustomization']]),
      ).toEqual([['new_/a.js', true]])
      expect(
        (await kit.ask('prod', 'GET', 'msdyn_solutioncomponentsummaries?$filter=msdyn_ismanaged eq true'))
          .status,
      ).toBe(400)
      const counts = await kit.rows(
        'prod',
        `msdyn_solutioncomponentcountsummaries?$filter=msdyn_solutionid eq ${id}`,
      )
      expect(
        counts.map((item) => [item['msdyn_componenttype'], item['msdyn_total'], item['msdyn_solutionid']]),
      ).toContainEqual([61, 1, null])
    }))
})
