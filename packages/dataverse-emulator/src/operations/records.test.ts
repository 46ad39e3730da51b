import { BASE, succeeded } from '../testing/solution-kit.ts'
import { codeOf, withEmulator } from '../testing/with-emulator.ts'

test('RetrieveTotalRecordCount counts the rows of each table, however the names are written', () =>
  withEmulator({}, async (kit) => {
    await succeeded(kit, BASE)
    for (const name of ['A', 'B']) await kit.done('prod', 'POST', 'new_orders', { new_name: name })
    for (const path of [
      "RetrieveTotalRecordCount(EntityNames=['new_order','account'])",
      `RetrieveTotalRecordCount(EntityNames=@p1)?@p1=${encodeURIComponent('["new_order","account"]')}`,
      `RetrieveTotalRecordCount(EntityNames=@p1)?@p1=['new_order','account']`,
    ])
      expect(await kit.done('prod', 'GET', path)).toEqual({
        '@odata.context': expect.stringMatching(
          /\$metadata#Microsoft\.Dynamics\.CRM\.RetrieveTotalRecordCountResponse$/,
        ),
        EntityRecordCountCollection: {
          Count: 2,
          IsReadOnly: false,
          Keys: ['new_order', 'account'],
          Values: [2, 0],
        },
      })
    const unknown = await kit.ask('prod', 'GET', "RetrieveTotalRecordCount(EntityNames=['nobody'])")
    expect([unknown.status, codeOf(unknown)]).toEqual([400, '0x80041102'])
    expect((await kit.ask('prod', 'GET', 'RetrieveTotalRecordCount()')).status).toBe(400)
    expect((await kit.ask('prod', 'GET', "RetrieveTotalRecordCount(EntityNames=['a)")).status).toBe(400)
  }))
