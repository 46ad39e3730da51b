import { makeArchive, type SolutionSketch } from '../testing/solution-archive.ts'
import { codeOf, pick, withEmulator, type Answer, type Kit } from '../testing/with-emulator.ts'

const FLOW = '8e7e2a3d-4ec4-4b6b-956f-8655d564aca5'
const FORM = '51c4523a-8841-47a8-adf2-2ce2a706b646'

async function file(sketch: SolutionSketch): Promise<string> {
  return Buffer.from(await makeArchive(sketch)).toString('base64')
}

interface How {
  readonly action?: string
  readonly environment?: string
  readonly options?: Readonly<Record<string, unknown>>
}

/** Imports as a job and lets it come to its end; answers with the system job's row. */
async function importJob(
  kit: Kit,
  sketch: SolutionSketch,
  { action = 'ImportSolutionAsync', environment = 'prod', options = {} }: How = {},
) {
  const body = {
    CustomizationFile: await file(sketch),
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: false,
    ...options,
  }
  const { AsyncOperationId: id, ImportJobKey: key } = await kit.done(environment, 'POST', action, body)
  await kit.finishJobs()
  const job = await kit.done(environment, 'GET', `asyncoperations(${String(id)})`)
  return { job, key: String(key) }
}

async function succeeded(kit: Kit, sketch: SolutionSketch, how: How = {}) {
  const { job, key } = await importJob(kit, sketch, how)
  expect([job['statuscode'], job['message']]).toEqual([30, null])
  return key
}

async function failed(kit: Kit, sketch: SolutionSketch, how: How = {}) {
  const { job, key } = await importJob(kit, sketch, how)
  expect(job['statuscode']).toBe(31)
  return {
    code: `0x${(Number(job['errorcode']) >>> 0).toString(16).padStart(8, '0')}`,
    message: String(job['message']),
    key,
  }
}

async function solutions(kit: Kit, environment = 'prod'): Promise<Record<string, string>> {
  const rows = await kit.rows(environment, 'solutions?$select=uniquename,version&$orderby=uniquename')
  const own = rows.filter(
    (row) => !/^(Active|Basic|Default|System|Cr[0-9a-f]{5})$/.test(String(row['uniquename'])),
  )
  return Object.fromEntries(own.map((row) => [String(row['uniquename']), String(row['version'])]))
}

async function uninstall(kit: Kit, uniqueName: string, environment = 'prod'): Promise<Answer> {
  const [row] = await kit.rows(environment, `solutions?$filter=uniquename eq '${uniqueName}'`)
  return kit.ask(environment, 'DELETE', `solutions(${String(row?.['solutionid'])})`)
}

const layersOf = (kit: Kit, type: string, id: unknown) =>
  kit.rows(
    'prod',
    `msdyn_componentlayers?$filter=(msdyn_componentid eq '${String(id)}' and msdyn_solutioncomponentname eq '${type}')&$orderby=msdyn_order`,
  )

async function resourceId(kit: Kit, name: string, environment = 'prod'): Promise<string> {
  const [row] = await kit.rows(environment, `webresourceset?$select=webresourceid&$filter=name eq '${name}'`)
  return String(row?.['webresourceid'])
}

const BASE: SolutionSketch = {
  uniqueName: 'Orders',
  managed: true,
  tables: { new_Order: ['new_name', 'new_note'] },
  webResources: { 'new_/a.js': 'one' },
}

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

const patch = (version: string): SolutionSketch => ({
  uniqueName: `Orders_Patch_${version.replaceAll('.', '')}`,
  version,
  managed: true,
  webResources: { 'new_/p.js': version },
})

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

const NEEDS_TABLE =
  '<MissingDependency><Required key="1" type="1" schemaName="new_order" displayName="Order" solution="Orders (1.0.0.0)" /><Dependent key="2" type="61" schemaName="new_/b.js" displayName="b" id="{26f55d21-04c6-443f-806c-8defed5daa9f}" /></MissingDependency>'
const DEPENDENT: SolutionSketch = {
  uniqueName: 'Dependent',
  managed: true,
  webResources: { 'new_/b.js': 'b' },
  missingDependencies: NEEDS_TABLE,
}

const needs = (name: string, solution: string) =>
  NEEDS_TABLE.replace('new_order', name).replace('Orders (1.0.0.0)', solution)

describe('dependencies', () => {
  test('missing ones are told by component with the solution that supplies them, by stage and by import', () =>
    withEmulator({}, async (kit) => {
      const staged = await kit.ask('prod', 'POST', 'StageSolution', {
        body: { CustomizationFile: await file(DEPENDENT) },
      })
      expect(staged.status).toBe(200)
      const results = pick(staged.body, 'StageSolutionResults')
      expect(results).toMatchObject({
        StageSolutionStatus: 'Failed',
        StageSolutionUploadId: '00000000-0000-0000-0000-000000000000',
        MissingDependencies: [
          {
            RequiredComponentSchemaName: 'new_order',
            RequiredComponentType: '1',
            RequiredSolutionName: 'Orders (1.0.0.0)',
            DependentComponentSchemaName: 'new_/b.js',
          },
        ],
        SolutionValidationResults: [{ SolutionValidationResultType: 'Error', ErrorCode: -2147188707 }],
      })
      const { code, key } = await failed(kit, DEPENDENT)
      expect(code).toBe('0x8004801d')
      const data = String(pick(await kit.done('prod', 'GET', `importjobs(${key})`), 'data'))
      expect(data).toContain('errorcode="0x8004801D"')
      expect(data).toContain(
        '<parameter>&lt;MissingDependencies&gt;&lt;MissingDependency&gt;&lt;Required key="1" type="1" schemaName="new_order"',
      )
      expect(
        pick(
          await kit.done('prod', 'GET', `RetrieveSolutionImportResult(ImportJobId=${key})`),
          'SolutionOperationResult',
          'Status',
        ),
      ).toBe('Failed')
    }))

  test("Microsoft's own tables and solutions are present", () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, {
        ...DEPENDENT,
        missingDependencies:
          needs('account', 'System (5.0)') + needs('msdyn_x', 'msdynce_Sales (9.0.4.0076)'),
      })
    }))

  test('an environment can be told which of Microsoft’s solutions it has', () =>
    withEmulator({ environments: { prod: { microsoftSolutions: [] } } }, async (kit) => {
      expect(
        (
          await failed(kit, {
            ...DEPENDENT,
            missingDependencies: NEEDS_TABLE.replace('Orders (1.0.0.0)', 'msdynce_Sales (9.0.4.0076)'),
          })
        ).code,
      ).toBe('0x8004801d')
    }))

  test('uninstalling is refused while others depend, and the functions say who', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, DEPENDENT)
      expect(codeOf(await uninstall(kit, 'Orders'))).toBe('0x8004f01d')
      const rows = await kit.rows('prod', "RetrieveDependenciesForUninstall(SolutionUniqueName='Orders')")
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({ dependentcomponenttype: 61, requiredcomponenttype: 1 })
      const [row] = await kit.rows('prod', "solutions?$filter=uniquename eq 'Orders'")
      const described = await kit.done(
        'prod',
        'GET',
        `RetrieveDependenciesForUninstallWithMetadata(SolutionId=${String(row?.['solutionid'])})`,
      )
      expect(
        pick(described, 'DependencyMetadataCollection', 'DependencyMetadataInfoCollection'),
      ).toMatchObject([
        {
          requiredcomponentname: 'new_order',
          dependentcomponentname: 'new_/b.js',
          requiredcomponentbasesolutionuniquename: 'Orders',
        },
      ])
      expect((await uninstall(kit, 'Dependent')).status).toBe(204)
      expect((await uninstall(kit, 'Orders')).status).toBe(204)
    }))

  test('an upgrade that removes what others need is refused and changes nothing', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, DEPENDENT)
      const { code } = await failed(
        kit,
        { ...BASE, version: '2.0', tables: {} },
        { action: 'StageAndUpgradeAsync' },
      )
      expect(code).toBe('0x8004f01f')
      expect(await solutions(kit)).toEqual({ Dependent: '1.0.0.0', Orders: '1.0.0.0' })
    }))
})

describe('connection references, variables and flows', () => {
  const WITH_FLOW: SolutionSketch = {
    uniqueName: 'Flows',
    managed: true,
    flows: { [FLOW]: ['new_ref'] },
    connectionReferences: ['new_ref'],
    variables: { new_Url: 'https://default.example' },
  }
  const flow = async (kit: Kit) => kit.done('prod', 'GET', `workflows(${FLOW})`)

  test('a flow without a usable connection stays a draft and the import succeeds', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, WITH_FLOW, { options: { PublishWorkflows: true } })
      expect(await flow(kit)).toMatchObject({ statecode: 0, statuscode: 1, category: 5 })
      const answer = await kit.ask('prod', 'PATCH', `workflows(${FLOW})`, {
        body: { statecode: 1, statuscode: 2 },
        headers: { 'if-match': '*' },
      })
      expect(codeOf(answer)).toBe('0x80060467')
      expect(answer.text).toContain('ConnectionAuthorizationFailed')
      const [reference] = await kit.rows('prod', 'connectionreferences')
      await kit.done(
        'prod',
        'PATCH',
        `connectionreferences(${String(reference?.['connectionreferenceid'])})`,
        { connectionid: 'shared-x-1' },
      )
      await kit.done('prod', 'PATCH', `workflows(${FLOW})`, { statecode: 1, statuscode: 2 })
      expect(await flow(kit)).toMatchObject({ statecode: 1, statuscode: 2 })
    }))

  test('ComponentParameters bind references and set variables before flows are switched on', () =>
    withEmulator({}, async (kit) => {
      const ComponentParameters = [
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
          connectionreferencelogicalname: 'new_ref',
          connectionreferencedisplayname: '',
          description: '',
          connectorid: 'x',
          connectionid: 'shared-x-2',
        },
        {
          '@odata.type': '#Microsoft.Dynamics.CRM.environmentvariablevalue',
          schemaname: 'new_Url',
          value: 'https://prod.example',
        },
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
          connectionreferencelogicalname: 'new_nobody',
          connectionid: 'y',
        },
      ]
      await succeeded(kit, WITH_FLOW, { options: { PublishWorkflows: true, ComponentParameters } })
      expect(await flow(kit)).toMatchObject({ statecode: 1 })
      const [definition] = await kit.rows(
        'prod',
        "environmentvariabledefinitions?$filter=schemaname eq 'new_Url'&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)",
      )
      expect(pick(definition, 'environmentvariabledefinition_environmentvariablevalue')).toMatchObject([
        { value: 'https://prod.example' },
      ])
      expect(definition?.['defaultvalue']).toBe('https://default.example')
      await succeeded(kit, { ...WITH_FLOW, version: '1.1' }, { options: { PublishWorkflows: false } })
      expect(await flow(kit)).toMatchObject({ statecode: 1 })
      expect(pick((await kit.rows('prod', 'connectionreferences'))[0], 'connectionid')).toBe('shared-x-2')
    }))

  test('a current value in the package travels with it', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, { ...WITH_FLOW, values: { new_Url: 'https://dev.example' } })
      expect(await kit.rows('prod', 'environmentvariablevalues?$select=value')).toMatchObject([
        { value: 'https://dev.example' },
      ])
      const staged = await kit.done('prod', 'POST', 'StageSolution', {
        CustomizationFile: await file({ ...WITH_FLOW, values: { new_Url: 'v' } }),
      })
      expect(JSON.stringify(staged)).toContain(
        '"ComponentTypeName":"EnvironmentVariableValue","IsPresentInOrg":"True","Attributes":{"Count":3,"Keys":["schemaname","environmentvariablevalueid","value"]',
      )
    }))

  test('a value is bound by the navigation property, not by the column', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, WITH_FLOW)
      const [definition] = await kit.rows('prod', 'environmentvariabledefinitions')
      const bind = `/environmentvariabledefinitions(${String(definition?.['environmentvariabledefinitionid'])})`
      expect(
        codeOf(
          await kit.ask('prod', 'POST', 'environmentvariablevalues', {
            body: { value: 'x', 'environmentvariabledefinitionid@odata.bind': bind },
          }),
        ),
      ).toBe('0x80048d19')
      const made = await kit.ask('prod', 'POST', 'environmentvariablevalues', {
        body: { schemaname: 'new_Url', value: 'x', 'EnvironmentVariableDefinitionId@odata.bind': bind },
      })
      expect(made.status).toBe(204)
    }))
})

describe('one operation at a time', () => {
  test('jobs wait in line, calls that answer at once are refused with 429', () =>
    withEmulator({}, async (kit) => {
      const body = {
        CustomizationFile: await file(BASE),
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: false,
      }
      const first = await kit.done('prod', 'POST', 'ImportSolutionAsync', body)
      const second = await kit.done('prod', 'POST', 'PublishAllXmlAsync', {})
      const state = async (job: Readonly<Record<string, unknown>>) =>
        pick(
          await kit.done('prod', 'GET', `asyncoperations(${String(job['AsyncOperationId'])})`),
          'statuscode',
        )
      expect([await state(first), await state(second)]).toEqual([20, 0])
      const refused = await kit.ask('prod', 'POST', 'PublishAllXml', { body: {} })
      expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([
        429,
        '0x80071151',
        null,
      ])
      expect(pick(refused.body, 'error', 'message')).toMatch(
        /^Cannot start the requested operation \[PublishAll\] because there is another \[Import\] running at this moment\./,
      )
      const again = await kit.ask('prod', 'POST', 'ImportSolution', {
        body: { ...body, ImportJobId: '12121212-0000-4000-8000-000000000001' },
      })
      expect(pick(again.body, 'error', 'message')).toMatch(
        /^Cannot start another \[Import\] because there is a previous \[Import\] running/,
      )
      kit.emulator.clock.advance(61_000)
      expect([await state(first), await state(second)]).toEqual([30, 20])
      kit.emulator.clock.advance(61_000)
      expect(await state(second)).toBe(30)
    }))

  test('a waiting job can be cancelled, a running one cannot', () =>
    withEmulator({}, async (kit) => {
      const first = await kit.done('prod', 'POST', 'PublishAllXmlAsync', {})
      const second = await kit.done('prod', 'POST', 'PublishAllXmlAsync', {})
      const cancel = (job: Readonly<Record<string, unknown>>) =>
        kit.ask('prod', 'PATCH', `asyncoperations(${String(job['AsyncOperationId'])})`, {
          body: { statecode: 3, statuscode: 32 },
        })
      await kit.rows('prod', 'asyncoperations')
      expect((await cancel(first)).status).toBe(400)
      expect((await cancel(second)).status).toBe(204)
      await kit.finishJobs()
      expect((await kit.emulator.jobs()).map(({ state }) => state)).toEqual(['succeeded', 'canceled'])
    }))

  test('the row of a new solution is there before its import ends, and goes when it fails', () =>
    withEmulator(
      { faults: [{ job: 'ImportSolutionAsync', code: '0x80048033', message: 'no' }] },
      async (kit) => {
        await kit.done('prod', 'POST', 'ImportSolutionAsync', {
          CustomizationFile: await file(BASE),
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: false,
        })
        expect(Object.keys(await solutions(kit))).toEqual(['Orders'])
        await kit.finishJobs()
        expect(await solutions(kit)).toEqual({})
      },
    ))
})

describe('import jobs', () => {
  test('progress grows and need not reach 100; completedon marks the end; the result names each component', () =>
    withEmulator({}, async (kit) => {
      const { ImportJobKey } = await kit.done('prod', 'POST', 'ImportSolutionAsync', {
        CustomizationFile: await file(BASE),
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: false,
      })
      const row = () =>
        kit.done(
          'prod',
          'GET',
          `importjobs(${String(ImportJobKey)})?$select=progress,completedon,solutionname`,
        )
      kit.emulator.clock.advance(30_000)
      const middle = await row()
      expect([
        Number(middle['progress']) > 10,
        Number(middle['progress']) < 80,
        middle['completedon'],
      ]).toEqual([true, true, null])
      await kit.finishJobs()
      expect(await row()).toMatchObject({
        progress: 80,
        solutionname: 'Orders',
        completedon: expect.any(String),
      })
      const data = String(
        pick(await kit.done('prod', 'GET', `importjobs(${String(ImportJobKey)})?$select=data`), 'data'),
      )
      for (const name of ['new_Order', 'new_Order.new_note', 'new_/a.js'])
        expect(data.toLowerCase()).toContain(`originalname="${name.toLowerCase()}"`)
      const { FormattedResults } = await kit.done(
        'prod',
        'GET',
        `RetrieveFormattedImportJobResults(ImportJobId=@jid)?@jid=${String(ImportJobKey)}`,
      )
      expect(FormattedResults).toContain('<Worksheet ss:Name="Components"')
      expect(FormattedResults).toContain('new_/a.js')
    }))

  test('a failure inside a component is told at that component', () =>
    withEmulator(
      {
        faults: [
          {
            job: 'ImportSolutionAsync',
            code: '0x80048021',
            message: 'The script is broken.',
            component: 'new_/a.js',
          },
        ],
      },
      async (kit) => {
        const { code, key } = await failed(kit, BASE)
        expect(code).toBe('0x80048021')
        const data = String(pick(await kit.done('prod', 'GET', `importjobs(${key})?$select=data`), 'data'))
        expect(data).toMatch(
          /<webResource [^>]*OriginalName="new_\/a\.js"[^>]*><result result="failure" errorcode="0x80048021" errortext="The script is broken\."/,
        )
        expect(data).toContain('succeeded="failure"')
      },
    ))

  test('an import job id is used as the key, and cannot be used twice', () =>
    withEmulator({}, async (kit) => {
      const ImportJobId = '34343434-0000-4000-8000-000000000001'
      expect(await succeeded(kit, BASE, { options: { ImportJobId } })).toBe(ImportJobId)
      const body = {
        CustomizationFile: await file(BASE),
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: false,
        ImportJobId,
      }
      const again = await kit.ask('prod', 'POST', 'ImportSolutionAsync', { body })
      expect(pick(again.body, 'error', 'message')).toBe(
        `A duplicate import job id already exists : ${ImportJobId} => Cannot insert duplicate key.`,
      )
    }))

  test('staged uploads expire; unknown and empty ids are refused, the empty one not beside a file', () =>
    withEmulator({}, async (kit) => {
      const staged = await kit.done('prod', 'POST', 'StageSolution', { CustomizationFile: await file(BASE) })
      const use = (StageSolutionUploadId: unknown, more: object = {}) =>
        kit.ask('prod', 'POST', 'ImportSolutionAsync', {
          body: {
            OverwriteUnmanagedCustomizations: false,
            PublishWorkflows: false,
            SolutionParameters: { StageSolutionUploadId },
            ...more,
          },
        })
      const empty = '00000000-0000-0000-0000-000000000000'
      expect(codeOf(await use('45454545-0000-4000-8000-000000000001'))).toBe('0x8004f066')
      expect(codeOf(await use(empty))).toBe('0x8004f066')
      expect((await use(empty, { CustomizationFile: await file(BASE) })).status).toBe(200)
      kit.emulator.clock.advance(25 * 3_600_000)
      expect(codeOf(await use(pick(staged, 'StageSolutionResults', 'StageSolutionUploadId')))).toBe(
        '0x8004f066',
      )
    }))

  test('staging a file that is no solution is 200 and Failed; no file at all is 400', () =>
    withEmulator({}, async (kit) => {
      const staged = await kit.done('prod', 'POST', 'StageSolution', {
        CustomizationFile: Buffer.from('nothing').toString('base64'),
      })
      expect(pick(staged, 'StageSolutionResults')).toMatchObject({
        StageSolutionStatus: 'Failed',
        SolutionDetails: { SolutionVersion: null },
        SolutionValidationResults: [{ ErrorCode: -2147188640 }],
      })
      expect(codeOf(await kit.ask('prod', 'POST', 'StageSolution', { body: {} }))).toBe('0x80048d19')
    }))

  test('the history has an entry with the id of the job', () =>
    withEmulator({}, async (kit) => {
      await succeeded(kit, BASE)
      await succeeded(kit, { ...BASE, version: '2.0' }, { action: 'StageAndUpgradeAsync' })
      const jobs = await kit.emulator.jobs()
      const history = await kit.rows('prod', 'msdyn_solutionhistories?$orderby=msdyn_starttime')
      expect(
        history.map((row) => [
          row['msdyn_name'],
          row['msdyn_operation'],
          row['msdyn_suboperation'],
          row['msdyn_activityid'],
          row['msdyn_result'],
        ]),
      ).toEqual([
        ['Orders', 0, 1, jobs[0]?.id, true],
        ['Orders', 0, 5, jobs[1]?.id, true],
      ])
    }))
})
