import { createDataverseClient, listSolutionContent } from '@dsa/dataverse-client'
import type { DataverseClient } from '@dsa/dataverse-client'
import { components, table } from '../testing/made-components.ts'
import { compareWithEnvironment } from './environment-removals.ts'
import type { ArchiveComponents } from './archive-components.ts'
import { removalState } from './removals.ts'
import type { Removals } from './removals.ts'

/** Compares an archive of publisher `c` with what the server answers. */
function compare(answers: Readonly<Record<string, unknown>>, archive: ArchiveComponents): Promise<Removals> {
  const asked = client(answers)
  return compareWithEnvironment(asked, () => listSolutionContent(asked, 's'), archive, 'c')
}

/** A client whose server answers by the start of the path, and refuses what is missing. */
function client(answers: Readonly<Record<string, unknown>>): DataverseClient {
  return createDataverseClient({
    environmentUrl: 'https://contoso.crm4.dynamics.com',
    getToken: async () => 'token',
    async fetch(url) {
      const path = String(url).slice(String(url).indexOf('/v9.2/') + '/v9.2/'.length)
      const key = Object.keys(answers).find((start) => path.startsWith(start))
      const found = key === undefined ? undefined : answers[key]
      const body = JSON.stringify(Array.isArray(found) ? { value: found } : (found ?? {}))
      return {
        status: key === undefined ? 403 : 200,
        headers: { get: (name: string) => (name === 'content-type' ? 'application/json' : null) },
        text: async () => body,
        async *chunks() {
          yield Buffer.from(body)
        },
      }
    },
    clock: () => 0,
    sleep: async () => {},
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, notice() {}, warning() {}, error() {} },
  })
}

function content(...rows: readonly (readonly [number, string, string?])[]): object[] {
  return rows.map(([type, name, id = name]) => ({
    msdyn_componenttype: type,
    msdyn_schemaname: name,
    msdyn_objectid: id,
  }))
}

function column(name: string, custom = true): object {
  return {
    LogicalName: name,
    IsCustomAttribute: custom,
    IsManaged: true,
  }
}

describe('an environment', () => {
  const archive = components(
    [
      [1, 'c_order'],
      [10_155, 'c_ref'],
    ],
    { c_order: table(['c_total'], ['f1'], ['v1']) },
  )
  const calm = {
    msdyn_solutioncomponentsummaries: content([1, 'c_order'], [10_031, 'c_ref']),
    EntityDefinitions: [column('c_total'), column('createdon', false), column('msft_added')],
    systemforms: [{ formid: 'F1', name: 'Main', objecttypecode: 'c_order' }],
    savedqueries: [{ savedqueryid: '{V1}', name: 'Active', returnedtypecode: 'c_order' }],
  }

  test('it is certain that nothing goes when the archive has all that the environment has', async () => {
    const found = await compare(calm, archive)
    expect(found).toEqual({ removed: [], notCompared: [], dataIsCertain: true })
  })

  test('a column of the own publisher that is not in the archive goes; one of another publisher stays', async () => {
    const found = await compare(
      { ...calm, EntityDefinitions: [column('c_total'), column('c_gone'), column('msft_other')] },
      archive,
    )
    expect(found.removed).toEqual([{ kind: 'Column', name: 'c_order.c_gone', data: 'values' }])
  })

  test('a table that goes is named with its rows', async () => {
    const found = await compare(
      {
        ...calm,
        msdyn_solutioncomponentsummaries: content([1, 'c_order'], [1, 'c_Old'], [61, 'c_/script.js']),
        RetrieveTotalRecordCount: {
          EntityRecordCountCollection: { Count: 1, Keys: ['c_old'], Values: [42] },
        },
      },
      archive,
    )
    expect(found.removed).toEqual([
      { kind: 'Table', name: 'c_Old', data: 'rows', rows: 42 },
      { kind: 'Web resource', name: 'c_/script.js' },
    ])
  })

  test('a form that is not in the archive makes it uncertain, but endangers no data', async () => {
    const forms = [{ formid: 'f9', name: 'Extra', objecttypecode: 'c_order' }]
    const found = await compare({ ...calm, systemforms: forms }, archive)
    expect(removalState(found)).toBe('unknown')
    expect(found.dataIsCertain).toBe(true)
    expect(found.notCompared.join()).toContain("form 'Extra' of c_order")
  })

  test('columns that cannot be read make the data uncertain', async () => {
    const { EntityDefinitions: _, ...rest } = calm
    const found = await compare(rest, archive)
    expect(found.dataIsCertain).toBe(false)
  })

  test('an environment that lists nothing leaves everything uncertain', async () => {
    const found = await compare({}, archive)
    expect(removalState(found)).toBe('unknown')
    expect(found.dataIsCertain).toBe(false)
  })
})
