import { codeOf, pick, withEmulator } from '../../testing/with-emulator.ts'
import {
  file,
  succeeded,
  failed,
  solutions,
  uninstall,
  BASE,
  NEEDS_TABLE,
  DEPENDENT,
  needs,
} from '../../testing/solution-kit.ts'

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

  test('dependencies on a newer platform can be skipped, others cannot', () =>
    withEmulator({}, async (kit) => {
      const newer = NEEDS_TABLE.replace('new_order', 'account').replace('Orders (1.0.0.0)', 'System (99.0)')
      expect((await failed(kit, { ...DEPENDENT, missingDependencies: newer })).message).toMatch(
        /ProductUpdatesOnly : True$/,
      )
      const skip = { options: { SkipProductUpdateDependencies: true } }
      expect((await failed(kit, { ...DEPENDENT, missingDependencies: newer + NEEDS_TABLE }, skip)).code).toBe(
        '0x8004801d',
      )
      await succeeded(kit, { ...DEPENDENT, missingDependencies: newer }, skip)
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
