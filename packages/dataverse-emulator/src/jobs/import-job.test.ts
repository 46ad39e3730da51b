import { codeOf, pick, withEmulator } from '../testing/with-emulator.ts'
import { file, succeeded, failed, BASE } from '../testing/solution-kit.ts'

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
