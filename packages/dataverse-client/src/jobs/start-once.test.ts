import { EnvironmentBusyError } from '../pipeline/errors.ts'
import { dataverseError, reset, scriptedClient } from '../testing/scripted-client.ts'
import type { Asked, Reply } from '../testing/scripted-client.ts'
import { startImport } from '../solutions/import-solution.ts'
import type { ImportStart } from '../solutions/import-solution.ts'
import type { SendReason } from './start-once.ts'

const LOCK = dataverseError(429, '0x80071151', 'Cannot start another [Import] because one runs.')

/** An environment whose answers to an import come in that order; every other question is answered quietly. */
function importing(
  answers: readonly (Reply | Error)[],
  others: (asked: Asked) => Reply | undefined = () => undefined,
) {
  const reasons: SendReason[] = []
  let sent = 0
  const world = scriptedClient(
    (asked) => {
      const own = others(asked)
      if (own !== undefined) return own
      if (asked.path === 'WhoAmI') return { json: { UserId: 'me', BusinessUnitId: 'b', OrganizationId: 'o' } }
      if (asked.method === 'POST') return answers[sent++] ?? { json: { AsyncOperationId: 'ours' } }
      return asked.method === 'GET' ? { json: { value: [] } } : { status: 204 }
    },
    { maxQueueWaitMs: 60_000 },
  )
  const start: ImportStart = {
    solutionName: 'core',
    version: '1.1.0.0',
    async prepare(reason) {
      reasons.push(reason)
      return {
        action: 'import',
        source: { uploadId: `upload-${reasons.length}` },
        overwriteUnmanagedCustomizations: false,
        publishWorkflows: true,
        skipProductUpdateDependencies: false,
      }
    },
  }
  const uploads = (): readonly unknown[] =>
    world.asked
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => Object(JSON.parse(body)).SolutionParameters.StageSolutionUploadId)
  return {
    ...world,
    reasons,
    uploads,
    run: (more: Partial<ImportStart> = {}) => startImport(world.client, { ...start, ...more }),
  }
}

test('whoever waited for the environment decides again before each sending', async () => {
  const { run, reasons, uploads } = importing([LOCK, LOCK])
  await expect(run()).resolves.toMatchObject({ asyncOperationId: 'ours' })
  expect(reasons).toEqual(['first', 'waited', 'waited'])
  expect(uploads()).toEqual(['upload-1', 'upload-2', 'upload-3'])
})

test('a decision against it after a wait sends nothing more', async () => {
  const { run, uploads } = importing([LOCK])
  const prepare: ImportStart['prepare'] = async (reason) => {
    if (reason === 'waited') throw new Error('2.8.0.0 is there now.')
    return {
      action: 'import',
      source: { uploadId: 'upload-1' },
      overwriteUnmanagedCustomizations: false,
      publishWorkflows: true,
      skipProductUpdateDependencies: false,
    }
  }
  await expect(run({ prepare })).rejects.toThrow('2.8.0.0 is there now.')
  expect(uploads()).toEqual(['upload-1'])
})

test('the time for waiting ends, and nothing was started', async () => {
  const { run, waits } = importing(Array.from({ length: 10 }, () => LOCK))
  await expect(run()).rejects.toThrow(EnvironmentBusyError)
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000)
})

test('an upload that has expired is made anew, once', async () => {
  const gone = dataverseError(400, '0x8004f066', 'The upload does not exist.')
  const { run, reasons } = importing([gone])
  await expect(run()).resolves.toMatchObject({ asyncOperationId: 'ours' })
  expect(reasons).toEqual(['first', 'expired'])
  await expect(importing([gone, gone]).run()).rejects.toThrow('0x8004f066')
})

describe('after a lost answer', () => {
  test.each<[string, Reply]>([
    ['a page of a gateway', { text: '<html>Signed out</html>', headers: { 'content-type': 'text/html' } }],
    ['nothing', { status: 204 }],
    ['JSON without the job', { json: { value: [] } }],
  ])('a success that is %s tells nothing, so the job is looked for', async (_, answer) => {
    const { run, uploads, asked } = importing([answer])
    await expect(run()).resolves.toMatchObject({ asyncOperationId: 'ours' })
    expect(uploads()).toEqual(['upload-1', 'upload-2'])
    expect(asked.some(({ method, path }) => method === 'DELETE' && path.includes('upload-1'))).toBe(true)
  })

  test('the upload is deleted before anything is sent again, within half a minute', async () => {
    const { run, asked, reasons, waits } = importing([reset()])
    await expect(run()).resolves.toMatchObject({ asyncOperationId: 'ours' })
    expect(reasons).toEqual(['first', 'lost'])
    expect(
      asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    ).toEqual([
      'POST ImportSolutionAsync',
      'DELETE stagesolutionuploads(upload-1)',
      'POST ImportSolutionAsync',
    ])
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(30_000)
  })

  test.each([
    ['is not allowed to be deleted', dataverseError(403, '0x80040220', 'no')],
    ['is not there any more', dataverseError(404, '0x80040217', 'Does Not Exist')],
  ])('nothing is sent again where the upload %s', async (_, answer) => {
    const { run, uploads } = importing([reset()], ({ method }) => (method === 'DELETE' ? answer : undefined))
    await expect(run()).rejects.toThrow(/whether it was started is not known/)
    expect(uploads()).toHaveLength(1)
  })

  test('nothing is sent again where the installed version changed although no job is to be seen', async () => {
    let looks = 0
    const { run, uploads } = importing([reset()], ({ path }) => {
      if (!path.startsWith('solutions?')) return undefined
      looks++
      return { json: { value: [{ uniquename: 'core', version: looks === 1 ? '1.0.0.0' : '1.1.0.0' }] } }
    })
    await expect(run()).rejects.toThrow(/whether it was started is not known/)
    expect(uploads()).toHaveLength(1)
  })

  test('nothing is sent again where the archive itself travelled: there is no upload to delete', async () => {
    const { run, asked } = importing([reset()])
    const prepare: ImportStart['prepare'] = async () => ({
      action: 'import',
      source: { archive: Buffer.from('PK') },
      overwriteUnmanagedCustomizations: false,
      publishWorkflows: true,
      skipProductUpdateDependencies: true,
    })
    await expect(run({ prepare })).rejects.toThrow(/whether it was started is not known/)
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test.each([-600, -60, 60, 600])('the job is found whatever the clocks say (%i s)', async (ahead) => {
    const { run, asked, now } = importing([reset()], ({ path }) => {
      if (!path.startsWith('asyncoperations?') || !asked.some(({ method }) => method === 'POST'))
        return undefined
      const createdon = new Date(now() + ahead * 1_000).toISOString()
      return {
        json: { value: [{ asyncoperationid: 'found', messagename: 'ImportSolutionAsync', createdon }] },
        headers: { date: new Date(now() - ahead * 1_000).toUTCString() },
      }
    })
    await expect(run()).resolves.toMatchObject({ asyncOperationId: 'found' })
  })

  test('a job that was there before is not taken for ours', async () => {
    const old = {
      asyncoperationid: 'old',
      messagename: 'ImportSolutionAsync',
      createdon: '2030-01-01T00:00:00Z',
    }
    const { run, uploads } = importing([reset()], ({ path }) =>
      path.startsWith('asyncoperations?') ? { json: { value: [old] } } : undefined,
    )
    await expect(run()).resolves.toMatchObject({ asyncOperationId: 'ours' })
    expect(uploads()).toHaveLength(2)
  })
})
