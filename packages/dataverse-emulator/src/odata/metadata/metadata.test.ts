import { parseXml } from '@dsa/solution-package'
import { withEmulator } from '../../testing/with-emulator.ts'

describe('metadata', () => {
  test('$metadata is well-formed, and what it points to is there', () =>
    withEmulator({}, async (kit) => {
      const { root } = parseXml(Buffer.from((await kit.ask('dev', 'GET', '$metadata')).text), '$metadata')
      const text = root.source
      const types = new Set(
        [...text.matchAll(/<(?:EntityType|ComplexType) Name="(\w+)"/g)].map((match) => match[1]),
      )
      const used = [...text.matchAll(/Type="(?:Collection\()?mscrm\.(\w+)/g)].map((match) => match[1])
      expect(used.filter((name) => !types.has(name))).toEqual([])
      expect(text).toMatch(
        /<Action Name="ImportSolutionAsync"><Parameter Name="CustomizationFile" Type="Edm.Binary" \/>/,
      )
    }))

  test('the service document lists the sets; definitions are filtered', () =>
    withEmulator({}, async (kit) => {
      const sets = (await kit.rows('dev', '')).map((row) => row['url'])
      expect(sets).toEqual(expect.arrayContaining(['solutions', 'asyncoperations', 'contacts']))
      const found = await kit.rows(
        'dev',
        "EntityDefinitions?$select=LogicalName,EntitySetName&$filter=LogicalName eq 'solution' or LogicalName eq 'contact'",
      )
      expect(found.map((row) => row['EntitySetName'])).toEqual(['solutions', 'contacts'])
      const attribute = await kit.done(
        'dev',
        'GET',
        "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='lastname')?$select=MaxLength",
      )
      expect(attribute['MaxLength']).toBe(50)
    }))
})
