import { makeArchive } from '../testing/solution-archive.ts'
import { codeOf, pick, withEmulator } from '../testing/with-emulator.ts'
import { file, solutions, BASE } from '../testing/solution-kit.ts'

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

  test('many who look at once see a job carried out once', () =>
    withEmulator({}, async (kit) => {
      kit.emulator.seed('dev', { source: 'a', archive: await makeArchive({ uniqueName: 'Orders' }) })
      await kit.done('dev', 'POST', 'ExportSolutionAsync', { SolutionName: 'Orders', Managed: true })
      kit.emulator.clock.advance(61_000)
      await Promise.all([
        kit.emulator.jobs(),
        kit.rows('dev', 'asyncoperations'),
        fetch(kit.emulator.ready.admin),
        kit.emulator.jobs(),
      ])
      expect(await kit.rows('dev', 'msdyn_solutionhistories?$filter=msdyn_operation eq 2')).toHaveLength(1)
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
