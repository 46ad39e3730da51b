import { BASE, resourceId, succeeded } from '../../testing/solution-kit.ts'
import { type Kit, withEmulator } from '../../testing/with-emulator.ts'

const HAND = { ...BASE, managed: false, uniqueName: 'Hand' }

/** The times of the last changes, by name, as the summaries of a solution's components tell them. */
async function changes(kit: Kit): Promise<Record<string, string>> {
  const [solution] = await kit.rows('prod', "solutions?$filter=uniquename eq 'Hand'")
  const rows = await kit.rows(
    'prod',
    `msdyn_solutioncomponentsummaries?$filter=msdyn_solutionid eq ${String(solution?.['solutionid'])}`,
  )
  return Object.fromEntries(rows.map((row) => [String(row['msdyn_name']), String(row['msdyn_modifiedon'])]))
}

describe('the time of the last change of a component', () => {
  test('is that of the import, also for tables and columns, then that of the client who edits it', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, HAND)
      const imported = await changes(kit)
      expect(imported['new_order']).toBe(imported['new_/a.js'])

      kit.emulator.clock.advance(86_400_000)
      const editedOn = new Date(kit.emulator.clock.now()).toISOString().replace(/\.\d+Z/, 'Z')
      const id = await resourceId(kit, 'new_/a.js')
      await kit.done('prod', 'PATCH', `webresourceset(${id})`, { displayname: 'Edited' })
      expect(await changes(kit)).toEqual({ ...imported, 'new_/a.js': editedOn })

      kit.emulator.clock.advance(86_400_000)
      await succeeded(kit, { ...HAND, version: '2.0' })
      const again = await changes(kit)
      expect(new Set(Object.values(again)).size).toBe(1)
      expect(String(again['new_order']) > editedOn).toBe(true)
    }))

  test('publishing keeps the edit of a client and its time', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, HAND)
      const id = await resourceId(kit, 'new_/a.js')
      kit.emulator.clock.advance(60_000)
      await kit.done('prod', 'PATCH', `webresourceset(${id})`, { displayname: 'Edited' })
      const before = await changes(kit)
      kit.emulator.clock.advance(60_000)
      await kit.done('prod', 'POST', 'PublishAllXml', {})
      expect(await changes(kit)).toEqual(before)
      expect(await kit.done('prod', 'GET', `webresourceset(${id})`)).toMatchObject({
        displayname: 'Edited',
        componentstate: 0,
      })
    }))

  test('the removal of another solution does not touch it', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, HAND)
      await succeeded(kit, { uniqueName: 'Other', managed: true, webResources: {} })
      const before = await changes(kit)
      kit.emulator.clock.advance(60_000)
      const [other] = await kit.rows('prod', "solutions?$filter=uniquename eq 'Other'")
      await kit.done('prod', 'DELETE', `solutions(${String(other?.['solutionid'])})`)
      expect(await changes(kit)).toEqual(before)
    }))
})
