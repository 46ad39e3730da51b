import { listPastImports } from './import-history.ts'
import { scriptedClient } from '../testing/scripted-client.ts'

describe('past imports of a solution', () => {
  const FORMATTED = 'msdyn_operation@OData.Community.Display.V1.FormattedValue'
  const entry = (day: number, more: object = {}): object => ({
    msdyn_name: 'core',
    msdyn_operation: 0,
    msdyn_result: true,
    msdyn_starttime: `2026-01-0${day}T08:00:00Z`,
    msdyn_endtime: `2026-01-0${day}T08:10:00Z`,
    msdyn_solutionversion: `1.${day}`,
    ...more,
  })
  const versions = async (...value: readonly object[]): Promise<readonly string[]> => {
    const { client } = scriptedClient(() => ({ json: { value } }))
    return (await listPastImports(client, 'core')).map(({ version }) => version)
  }

  test('come newest first, asked for by the name of the solution', async () => {
    const { client, asked } = scriptedClient(() => ({ json: { value: [entry(1), entry(3), entry(2)] } }))
    expect(await listPastImports(client, "o'core")).toMatchObject([
      { version: '1.3', startedMs: Date.UTC(2026, 0, 3, 8), endedMs: Date.UTC(2026, 0, 3, 8, 10) },
      { version: '1.2' },
      { version: '1.1' },
    ])
    expect(asked[0]?.path).toContain("$filter=msdyn_name eq 'o''core'")
  })

  test('not those that failed, run still, or are something else than an import', async () => {
    expect(
      await versions(
        entry(1),
        entry(2, { msdyn_result: false }),
        entry(3, { msdyn_endtime: null }),
        entry(4, { msdyn_operation: 1 }),
      ),
    ).toEqual(['1.1'])
  })

  test('the name of the operation counts before its number, which is not the same everywhere', async () => {
    expect(
      await versions(
        entry(1, { msdyn_operation: 1, [FORMATTED]: 'Import' }),
        entry(2, { [FORMATTED]: 'Uninstall' }),
      ),
    ).toEqual(['1.1'])
  })
})
