import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../config.ts'
import { isRecord } from '../http/exchange.ts'
import { makeArchive } from '../testing/solution-archive.ts'
import { pick, withEmulator, type Kit } from '../testing/with-emulator.ts'

async function admin(kit: Kit, method: string, path: string, body?: unknown) {
  const response = await fetch(`${kit.emulator.ready.admin}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    body: text === '' || text.startsWith('<') ? undefined : (JSON.parse(text) as unknown),
  }
}

/** What became of a request: its status, or that the connection broke. */
async function outcome(kit: Kit, path = 'WhoAmI'): Promise<number | string> {
  try {
    return (await kit.ask('dev', 'GET', path)).status
  } catch {
    return 'broken'
  }
}

describe('faults', () => {
  test('each kind does what it says, at the request that is named', () =>
    withEmulator({}, async (kit) => {
      await kit.token('dev')
      kit.emulator.faults([
        { fault: 'reset-before', path: 'WhoAmI', nth: 2 },
        { fault: 'half-answer', path: 'RetrieveVersion' },
        {
          fault: 'status',
          method: 'GET',
          path: '/solutions\\?/',
          status: 502,
          body: '<html>',
          headers: { 'x-a': 'b' },
          times: 2,
        },
        { fault: 'slow', path: 'publishers', delayMs: 1 },
      ])
      expect([await outcome(kit), await outcome(kit), await outcome(kit)]).toEqual([200, 'broken', 200])
      expect([await outcome(kit, 'RetrieveVersion'), await outcome(kit, 'RetrieveVersion')]).toEqual([
        'broken',
        200,
      ])
      expect([
        await outcome(kit, 'solutions?$top=1'),
        await outcome(kit, 'solutions?$top=1'),
        await outcome(kit, 'solutions?$top=1'),
      ]).toEqual([502, 502, 200])
      expect(await outcome(kit, 'publishers')).toBe(200)
      expect(
        kit.emulator
          .requests()
          .filter(({ fault }) => fault !== undefined)
          .map(({ fault, status }) => [fault, status]),
      ).toEqual([
        ['reset-before', undefined],
        ['half-answer', 200],
        ['status', 502],
        ['status', 502],
        ['slow', 200],
      ])
    }))

  test('a lost answer has acted; the job is in the log', () =>
    withEmulator({}, async (kit) => {
      kit.emulator.faults([
        { fault: 'reset-after', path: 'PublishAllXmlAsync' },
        { fault: 'reset-before', path: 'PublishAllXmlAsync', nth: 2 },
      ])
      await expect(kit.ask('dev', 'POST', 'PublishAllXmlAsync', { body: {} })).rejects.toThrow()
      await expect(kit.ask('dev', 'POST', 'PublishAllXmlAsync', { body: {} })).rejects.toThrow()
      expect((await kit.emulator.jobs()).map(({ message, state }) => [message, state])).toEqual([
        ['PublishAllXmlAsync', 'running'],
      ])
    }))

  test('the admin service takes, shows and drops them; what is wrong is named', () =>
    withEmulator({}, async (kit) => {
      expect(
        (
          await admin(kit, 'POST', '/faults', [
            { fault: 'status', status: 503, path: 'WhoAmI' },
            { job: 'ImportSolutionAsync', seconds: 7200 },
          ])
        ).status,
      ).toBe(201)
      expect(await outcome(kit)).toBe(503)
      expect((await admin(kit, 'GET', '/faults')).body).toMatchObject([
        { fault: 'status', seen: 1 },
        { job: 'ImportSolutionAsync', seen: 0 },
      ])
      await admin(kit, 'DELETE', '/faults')
      expect((await admin(kit, 'GET', '/faults')).body).toEqual([])
      const wrong = await admin(kit, 'POST', '/faults', { fault: 'explode' })
      expect([wrong.status, pick(wrong.body, 'message')]).toEqual([
        400,
        'faults[0].fault must be one of reset-before, reset-after, half-answer, slow, status, late, repeated, endless-pages, huge.',
      ])
    }))
})

describe('time', () => {
  test('jobs last as long as they are told, by a clock that a test moves', () =>
    withEmulator({ faults: [{ job: 'PublishAllXmlAsync', seconds: 7200, nth: 2 }] }, async (kit) => {
      await kit.done('dev', 'POST', 'PublishAllXmlAsync', {})
      await kit.done('dev', 'POST', 'PublishAllXmlAsync', {})
      const states = async () => (await kit.emulator.jobs()).map(({ state }) => state)
      expect(await states()).toEqual(['running', 'queued'])
      await admin(kit, 'POST', '/clock', { advanceSeconds: 60 })
      expect(await states()).toEqual(['succeeded', 'running'])
      await admin(kit, 'POST', '/clock', { advanceSeconds: 7199 })
      expect(await states()).toEqual(['succeeded', 'running'])
      const answer = await admin(kit, 'POST', '/clock', { advanceSeconds: 1 })
      expect([await states(), pick(answer.body, 'now')]).toEqual([
        ['succeeded', 'succeeded'],
        '2026-11-21T10:01:00Z',
      ])
      const [job] = await kit.rows('dev', 'asyncoperations?$orderby=sequence desc&$top=1')
      expect(job).toMatchObject({
        startedon: '2026-11-21T08:01:00Z',
        completedon: '2026-11-21T10:01:00Z',
        executiontimespan: 7200,
      })
    }))

  test('the Date header is of the same clock', () =>
    withEmulator({}, async (kit) => {
      expect((await kit.ask('dev', 'GET', 'WhoAmI')).headers.get('date')).toBe(
        'Sat, 21 Nov 2026 08:00:00 GMT',
      )
    }))

  test('settings can be changed while it runs', () =>
    withEmulator({}, async (kit) => {
      await admin(kit, 'PATCH', '/settings', {
        jobSeconds: 5,
        dateAheadSeconds: -60,
        limits: { requests: 100 },
      })
      expect((await admin(kit, 'GET', '/settings')).body).toEqual({
        jobSeconds: 5,
        tokenLifetimeSeconds: 3599,
        dateAheadSeconds: -60,
        limits: { requests: 100 },
      })
      await admin(kit, 'PATCH', '/settings', { limits: null })
      expect((await admin(kit, 'GET', '/settings')).body).toEqual({
        jobSeconds: 5,
        tokenLifetimeSeconds: 3599,
        dateAheadSeconds: -60,
      })
    }))
})

describe('state', () => {
  test('a snapshot brings back rows, layers and jobs; a reset the beginning', () =>
    withEmulator({}, async (kit) => {
      const archive = Buffer.from(
        await makeArchive({ uniqueName: 'Orders', managed: true, tables: { new_Order: ['new_name'] } }),
      )
      await fetch(`${kit.emulator.ready.admin}/environments/prod`, { method: 'POST', body: archive })
      const count = async () =>
        (await kit.ask('prod', 'GET', "solutions/$count?$filter=uniquename eq 'Orders'")).text
      expect(await count()).toBe('1')
      const twin = Buffer.from(await makeArchive({ uniqueName: 'Orders' }))
      const refused = await fetch(`${kit.emulator.ready.admin}/environments/prod`, {
        method: 'POST',
        body: twin,
      })
      expect([refused.status, await refused.text()]).toEqual([
        422,
        expect.stringContaining('cannot be seeded with the request: The solution is already installed'),
      ])
      await admin(kit, 'PUT', '/snapshots/before')
      await kit.done('prod', 'POST', 'UninstallSolutionAsync', { SolutionUniqueName: 'Orders' })
      await kit.finishJobs()
      expect([await count(), (await kit.ask('prod', 'GET', 'new_orders')).status]).toEqual(['0', 404])
      expect((await admin(kit, 'POST', '/snapshots/before')).status).toBe(204)
      expect([
        await count(),
        (await kit.ask('prod', 'GET', 'new_orders')).status,
        (await kit.emulator.jobs()).length,
      ]).toEqual(['1', 200, 0])
      expect((await admin(kit, 'POST', '/snapshots/nobody')).status).toBe(404)
      await admin(kit, 'POST', '/reset')
      expect(await count()).toBe('0')
    }))

  test('a reset forgets repositories, artifacts, faults and the log, and leaves clock, settings and snapshots', () =>
    withEmulator({}, async (kit) => {
      const { ready, clock } = kit.emulator
      const github = async (method: string, path: string, body?: unknown) => {
        const response = await fetch(`${ready.github}/repos/contoso/orders${path}`, {
          method,
          headers: { authorization: 'Bearer ghs_emulated-token-of-a-job' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        return response.status
      }
      const scope = Buffer.from('{"scp":"Actions.Results:run-1:job-1"}').toString('base64url')
      const artifact = async (call: string, body: object) => {
        const response = await fetch(
          `${ready.artifacts}twirp/github.actions.results.api.v1.ArtifactService/${call}`,
          {
            method: 'POST',
            headers: { authorization: `Bearer e30.${scope}.signature`, 'content-type': 'application/json' },
            body: JSON.stringify({ workflow_run_backend_id: 'run-1', name: 'solution', ...body }),
          },
        )
        return response.json()
      }
      const address: unknown = await artifact('CreateArtifact', {})
      await fetch(String(pick(address, 'signed_upload_url')), { method: 'PUT', body: 'archive' })
      await artifact('FinalizeArtifact', { size: '7' })
      const there = async () => [
        await github('GET', '/releases/tags/v1'),
        pick(await artifact('ListArtifacts', {}), 'artifacts'),
      ]
      await github('POST', '/releases', { tag_name: 'v1' })
      expect(await there()).toEqual([200, [expect.objectContaining({ name: 'solution' })]])
      kit.emulator.faults([{ fault: 'reset-before', path: 'WhoAmI' }])
      await admin(kit, 'PATCH', '/settings', { jobSeconds: 7 })
      await admin(kit, 'PUT', '/snapshots/before')
      const now = clock.now()

      await admin(kit, 'POST', '/reset')
      expect((await admin(kit, 'GET', '/requests')).body).toMatchObject([{ path: '/requests' }])
      expect((await admin(kit, 'GET', '/faults')).body).toEqual([])
      expect(await there()).toEqual([404, []])
      expect((await admin(kit, 'GET', '/settings')).body).toMatchObject({ jobSeconds: 7 })
      expect((await admin(kit, 'POST', '/snapshots/before')).status).toBe(204)
      expect(clock.now()).toBe(now)
    }))

  test('the log keeps requests without their secrets, and cuts what is long', () =>
    withEmulator({}, async (kit) => {
      const archive = Buffer.from(
        await makeArchive({ uniqueName: 'Orders', tables: { new_Order: ['new_name'] } }),
      ).toString('base64')
      await kit.done('dev', 'POST', 'StageSolution', { CustomizationFile: archive })
      const { text, body } = await admin(kit, 'GET', '/requests')
      expect(text).not.toContain(kit.emulator.ready.clientSecret)
      expect(text).not.toContain(await kit.token('dev'))
      const list: readonly unknown[] = Array.isArray(body) ? body : []
      expect(list.filter((item) => pick(item, 'service') === 'dataverse')).toMatchObject([
        {
          environment: 'dev',
          method: 'POST',
          path: '/api/data/v9.2/StageSolution',
          status: 200,
          body: { CustomizationFile: `(${archive.length} characters)` },
        },
      ])
    }))

  test('only programs on this machine are heard', () =>
    withEmulator({}, async (kit) => {
      const status = (headers: Record<string, string>) =>
        new Promise<number | undefined>((resolve) => {
          httpRequest(`${kit.emulator.ready.admin}/clock`, { headers }, (response) =>
            resolve(response.resume().statusCode),
          ).end()
        })
      expect(await status({ host: 'evil.example' })).toBe(403)
      expect(await status({ origin: 'https://evil.example' })).toBe(403)
      expect(await status({})).toBe(200)
    }))
})

describe('configuration', () => {
  test('what is not known or of the wrong kind is named', () => {
    expect(() => checkConfig({ enviroments: {} })).toThrow(
      'config.enviroments is not known. Known here: environments,',
    )
    expect(() => checkConfig({ environments: { dev: { kind: 'test' } } })).toThrow(
      'config.environments.dev.kind must be one of developer,',
    )
    expect(() => checkConfig({ clients: [{ secret: 'x' }] })).toThrow('config.clients[0].appId is missing.')
    expect(() => checkConfig({ jobSeconds: -1 })).toThrow(
      'config.jobSeconds must be a number that is not negative.',
    )
    expect(() => checkConfig([])).toThrow('config must be an object.')
  })

  test('archives are seeded with the managed build beside them, which is exported as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    try {
      const [plain, managed] = [
        await makeArchive({ uniqueName: 'Orders', webResources: { 'new_/a.js': '1' } }),
        await makeArchive({ uniqueName: 'Orders', managed: true, webResources: { 'new_/a.js': 'managed' } }),
      ]
      writeFileSync(join(folder, 'orders.zip'), plain)
      writeFileSync(join(folder, 'orders_managed.zip'), managed)
      await withEmulator(
        { baseDir: folder, environments: { dev: { kind: 'developer', solutions: ['orders.zip'] } } },
        async (kit) => {
          for (const [Managed, expected] of [
            [false, plain],
            [true, managed],
          ] as const) {
            const { ExportSolutionFile } = await kit.done('dev', 'POST', 'ExportSolution', {
              SolutionName: 'Orders',
              Managed,
            })
            expect(ExportSolutionFile).toBe(Buffer.from(expected).toString('base64'))
          }
        },
      )
      await expect(
        withEmulator({ baseDir: folder, environments: { dev: { solutions: ['nobody.zip'] } } }, () =>
          Promise.resolve(),
        ),
      ).rejects.toThrow('There is no solution archive or folder at')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('the ready line has the members that others rely on', () =>
    withEmulator({}, (kit) => {
      expect(Object.keys(kit.emulator.ready)).toEqual([
        'authority',
        'tenantId',
        'appId',
        'clientSecret',
        'environments',
        'github',
        'admin',
        'oidc',
        'artifacts',
      ])
      expect(Object.keys(kit.emulator.ready.environments)).toEqual(['dev', 'test', 'prod'])
      expect(isRecord(kit.emulator.ready.oidc) && kit.emulator.ready.oidc.requestUrl.includes('?')).toBe(true)
      return Promise.resolve()
    }))
})
