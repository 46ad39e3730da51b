import { emulatedActions } from '../testing/emulated-actions.ts'

const { act, seeded, server, freshEnvironment, jobsOf } = emulatedActions()

describe('refusals', () => {
  test('unmanaged into production', async () => {
    const { log, summary, requests } = await act(
      { 'solution-file': 'unmanaged.zip' },
      { environmentName: 'production' },
    )
    expect(log).toMatch(/::error::.*the environment is a production one.*allow-unmanaged-in-production/)
    expect(summary).toMatch(/refuse/)
    expect(requests.filter(({ method, service }) => method !== 'GET' && service === 'dataverse')).toEqual([])
  })

  test.each([
    ['managed over unmanaged', { managed: false }, 'core.zip', /0x80048040/],
    ['unmanaged over managed', {}, 'unmanaged.zip', /0x80048041/],
    ['older over newer', { version: '2.0.0.0' }, 'core.zip', /has the higher 2\.0\.0\.0/],
  ])('%s', async (_, before, file, words) => {
    const { log, code } = await act({ 'solution-file': file }, await seeded(before))
    expect(code).toBe(1)
    expect(log).toMatch(words)
  })
})

describe('the way is decided from what is there', () => {
  test('an upgrade of what is not there is an install, and says so (C82, C85)', async () => {
    const { code, outputs, log } = await act({ 'stage-and-upgrade': 'true' })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ decision: 'install', version: '1.1.0.0' })
    expect(log).toContain('::notice::There was nothing to upgrade, so the solution was installed.')
  })

  test('skip-lower-version of what is not there is an install (C84)', async () => {
    expect((await act({ 'skip-lower-version': 'true' })).outputs).toMatchObject({ decision: 'install' })
  })

  test('one set of inputs does for nothing, an older, the same and a newer version (C83)', async () => {
    const same = { 'if-same-version': 'skip', 'if-lower-version': 'skip' }
    const decisions: (string | undefined)[] = [(await act(same)).outputs['decision']]
    for (const version of ['1.0.0.0', '1.1.0.0', '2.0.0.0']) {
      const { code, outputs } = await act(same, await seeded({ version }))
      expect(code).toBe(0)
      decisions.push(outputs['decision'])
    }
    expect(decisions).toEqual(['install', 'update', 'skip', 'skip'])
  })

  test('a staged upgrade is applied by its own step, which signs in and ends when the upgrade has ended (C06, C86, C87)', async () => {
    const { environmentName } = await seeded({ version: '1.0.0.0' })
    expect((await act({ mode: 'stage' }, { environmentName })).outputs).toMatchObject({ version: '1.0.0.0' })
    const applied = await act(
      { mode: 'promote', 'solution-name': 'core', 'solution-file': '' },
      { environmentName },
    )
    expect(applied.outputs).toMatchObject({
      decision: 'promote',
      'previous-version': '1.0.0.0',
      version: '1.1.0.0',
    })
    expect(applied.requests[0]?.path).toContain('/oauth2/v2.0/token')
    const again = await act(
      { mode: 'promote', 'solution-name': 'core', 'solution-file': '' },
      { environmentName },
    )
    expect(again.code).toBe(0)
    expect(again.outputs).toMatchObject({ changed: 'false', version: '1.1.0.0' })
  })

  test('the archive of what is staged already is applied, not imported again (C86)', async () => {
    const { environmentName } = await seeded({ version: '1.0.0.0' })
    await act({ mode: 'stage' }, { environmentName })
    const { outputs } = await act({}, { environmentName })
    expect(outputs).toMatchObject({ decision: 'promote', version: '1.1.0.0' })
  })

  describe('a running import is followed instead of started again', () => {
    /** An import of two hours that the first step no longer waits for. */
    const leftRunning = async (): Promise<{ environmentName: string; id: string }> => {
      const environmentName = await freshEnvironment()
      server().faults([{ job: 'ImportSolutionAsync', environment: environmentName, seconds: 7_200 }])
      const first = await act(
        {},
        { environmentName, whenLogged: ['Import job', (step) => step.signal('SIGTERM')] },
      )
      return { environmentName, id: first.outputs['async-operation-id'] ?? '' }
    }
    /** Lets the two hours pass as soon as the second step follows. */
    const whenLogged = ['Following the import', () => server().clock.advance(7_200_000)] as const

    test('by the id that was printed (C14)', async () => {
      const { environmentName, id } = await leftRunning()
      const second = await act({ 'async-operation-id': id }, { environmentName, whenLogged })
      expect(second.outputs).toMatchObject({
        decision: 'attach',
        'import-status': 'succeeded',
        version: '1.1.0.0',
      })
      expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
    })

    test('by "Re-run", which finds it (C14)', async () => {
      const { environmentName } = await leftRunning()
      const rerun = { environmentName, environment: { GITHUB_RUN_ATTEMPT: '2' }, whenLogged }
      expect((await act({}, rerun)).outputs).toMatchObject({
        decision: 'attach',
        'import-status': 'succeeded',
      })
      expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
    })
  })
})

test('a connection that drops after the import was taken does not start a second one (C20)', async () => {
  const environmentName = await freshEnvironment()
  server().faults([
    { fault: 'reset-after', environment: environmentName, path: 'ImportSolutionAsync', method: 'POST' },
  ])
  const { code, log } = await act({}, { environmentName })
  expect(code).toBe(0)
  expect(log).toMatch(/::notice::.*the answer was lost; looking for the job/)
  expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
})

test('a job that the server does not show yet is waited for (C21)', async () => {
  const environmentName = await freshEnvironment()
  const body = { error: { code: '0x80040217', message: 'asyncoperation Does Not Exist' } }
  const path = 'asyncoperations('
  server().faults([{ fault: 'status', status: 404, environment: environmentName, path, times: 2, body }])
  const { code, outputs, requests } = await act({}, { environmentName })
  expect(code).toBe(0)
  expect(outputs).toMatchObject({ 'import-status': 'succeeded' })
  expect(requests.filter((request) => request.path.includes(path)).length).toBeGreaterThan(2)
  expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
})

test('a failed import shows the component, its code and what to do, in the summary and as an annotation (C57, C60)', async () => {
  const environmentName = await freshEnvironment()
  server().faults([
    {
      job: 'ImportSolutionAsync',
      environment: environmentName,
      code: '0x80048021',
      message: 'Cannot import workflow definition.',
    },
  ])
  const environment = { GITHUB_ACTION_REPOSITORY: 'a-fork/dataverse-solution-actions' }
  const { code, log, summary, outputs } = await act({}, { environmentName, environment })
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ 'import-status': 'failed', errors: '1' })
  expect(log).toMatch(/::error title=.*::0x80048021 .*Delete or rename the one in the environment/)
  expect(summary).toMatch(/0x80048021/)
  const page = 'https://github.com/a-fork/dataverse-solution-actions/blob/main/docs/errors.md#0x80048021'
  expect(log.match(/::error.* More: (\S+)$/gm)).toHaveLength(2)
  expect(log).toContain(`More: ${page}\n`)
  expect(summary).toContain(`<a href="${page}">More</a>`)
})
