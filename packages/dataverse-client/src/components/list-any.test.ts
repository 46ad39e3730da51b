import { scriptedClient } from '../testing/scripted-client.ts'
import { listManagedForms } from './solution-content.ts'

test('many names go in several queries, each short enough for an address', async () => {
  const { client, asked } = scriptedClient(({ path }) => ({
    json: { value: [{ formid: String(path.split(' eq ').length), name: 'Main', objecttypecode: 'c_a' }] },
  }))
  const tables = Array.from({ length: 45 }, (_, index) => `contoso_${'table'.repeat(8)}_${index}`)
  const forms = await listManagedForms(client, tables)
  expect(forms).toHaveLength(3)
  expect(asked.map(({ path }) => path.match(/objecttypecode eq/g)?.length)).toEqual([20, 20, 5])
  expect(asked.every(({ path }) => /\$filter=ismanaged eq true and \(.*\)$/.test(path))).toBe(true)
  expect(Math.max(...asked.map(({ url }) => url.length))).toBeLessThan(2_048)
  expect(await listManagedForms(client, [])).toEqual([])
  expect(asked).toHaveLength(3)
})
