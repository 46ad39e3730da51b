import { waitForAsyncOperation } from '../jobs/async-operations.ts'
import { exportSolution } from './export-solution.ts'
import { NothingToPromoteError, startImport, startPromote } from './import-solution.ts'
import type { ImportRequest, ImportStart } from './import-solution.ts'
import { UnknownOutcomeError } from '../jobs/start-once.ts'
import { publishAll } from './publish.ts'
import { dataverseError, reset, scriptedClient } from '../testing/scripted-client.ts'
import type { Asked, Reply } from '../testing/scripted-client.ts'

const ME = '00000000-0000-4000-8000-0000000000aa'
function moment(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
}
const ARCHIVE = Buffer.from('PK archive bytes')

interface Job {
  readonly id: string
  readonly message: string
  readonly solution: string
  looks: number
}

/** Enough of an environment to follow jobs: each one ends at its third look. */
function environment(now: () => number) {
  const jobs: Job[] = []
  const stamp = (): string => new Date(now()).toISOString()
  const start = (message: string, solution: string): Job => {
    const job = { id: `${message}-${jobs.length}`, message, solution, looks: 0 }
    jobs.push(job)
    return job
  }
  const row = (job: Job): object => {
    job.looks++
    const done = job.looks > 2
    return {
      asyncoperationid: job.id,
      messagename: job.message,
      statecode: done ? 3 : 2,
      statuscode: done ? 30 : 20,
      createdon: stamp(),
      startedon: stamp(),
      _createdby_value: ME,
    }
  }
  const handle = ({ method, path, body }: Asked): Reply => {
    const parameters: { SolutionName?: string } = body === '' ? {} : JSON.parse(body)
    if (path === 'WhoAmI') return { json: { UserId: ME, BusinessUnitId: 'b', OrganizationId: 'o' } }
    if (method === 'POST') {
      if (path === 'ExportSolutionAsync') {
        const { id } = start(path, parameters.SolutionName ?? '')
        return { json: { AsyncOperationId: id, ExportJobId: `export-of-${id}` } }
      }
      if (path === 'DownloadSolutionExportData')
        return { json: { ExportSolutionFile: ARCHIVE.toString('base64') } }
      if (path === 'PublishAllXml') {
        start('PublishAllXml', '')
        return { status: 204 }
      }
      const { id } = start(path, 'contoso_core')
      return { json: { AsyncOperationId: id, ImportJobKey: `key-of-${id}` } }
    }
    const single = /^asyncoperations\(([^)]+)\)/.exec(path)?.[1]
    if (single !== undefined) {
      const job = jobs.find(({ id }) => id === single)
      return job === undefined ? dataverseError(404, '0x80040217', 'Does Not Exist') : { json: row(job) }
    }
    if (path.startsWith('asyncoperations?')) {
      const running = path.includes('statecode ne 3')
      const found = jobs.filter(
        (job) => path.includes(`messagename eq '${job.message}'`) && !(running && job.looks > 2),
      )
      return { json: { value: found.toReversed().map(row) } }
    }
    if (path.startsWith('msdyn_solutionhistories?')) return { json: { value: [] } }
    if (path.startsWith('solutions?')) return { json: { value: [] } }
    if (path.startsWith('stagesolutionuploads(')) return { status: 204 }
    if (path.startsWith('exportsolutionuploads?'))
      return { json: { value: [{ exportsolutionuploadid: 'an-export-job' }] } }
    if (path.startsWith('importjobs?')) {
      const found = jobs.filter(({ message }) => message !== 'ExportSolutionAsync')
      const value = found.map((job) => ({
        importjobid: `key-of-${job.id}`,
        solutionname: job.solution,
        startedon: stamp(),
        _createdby_value: ME,
      }))
      return { json: { value } }
    }
    throw new Error(`Nobody expected ${method} ${path}.`)
  }
  return { jobs, handle, start }
}

/** A world in which the request of that number meets a fault, before or after the server acted. */
function faultyWorld(fault: { at: number; acted: boolean; reply: () => Reply | Error } | undefined) {
  let count = 0
  let server: ReturnType<typeof environment> | undefined
  const world = scriptedClient((asked) => {
    server ??= environment(world.now)
    count++
    if (fault === undefined || fault.at !== count) return server.handle(asked)
    if (fault.acted) server.handle(asked)
    return fault.reply()
  })
  return { ...world, jobs: () => server?.jobs ?? [] }
}

const FAULTS: readonly { name: string; acted: boolean; reply: () => Reply | Error }[] = [
  { name: 'reset before the server acted', acted: false, reply: reset },
  { name: 'reset after the server acted', acted: true, reply: reset },
  { name: 'half an answer', acted: true, reply: () => ({ text: '{"AsyncOperationId":"00' }) },
  { name: '401', acted: false, reply: () => ({ status: 401 }) },
  {
    name: '429 with Retry-After',
    acted: false,
    reply: () => ({ status: 429, headers: { 'retry-after': '3' } }),
  },
  { name: '500', acted: true, reply: () => ({ status: 500 }) },
  {
    name: '502 with HTML',
    acted: false,
    reply: () => ({ status: 502, text: '<html/>', headers: { 'content-type': 'text/html' } }),
  },
  { name: '503', acted: true, reply: () => ({ status: 503 }) },
]

const REQUEST: ImportRequest = {
  action: 'import',
  source: { uploadId: 'upload-1' },
  overwriteUnmanagedCustomizations: false,
  publishWorkflows: true,
  skipProductUpdateDependencies: false,
}
function importOf(request: Partial<ImportRequest> = {}): ImportStart {
  return {
    solutionName: 'contoso_core',
    version: '1.2.0.0',
    prepare: async () => ({ ...REQUEST, ...request }),
  }
}
type World = ReturnType<typeof faultyWorld>
async function follow({ client }: World, start: () => ReturnType<typeof startImport>): Promise<void> {
  const { asyncOperationId } = await start()
  await waitForAsyncOperation(client, asyncOperationId, { what: 'Import', maxWaitMinutes: 60 })
}
const FLOWS: readonly {
  name: string
  message: string
  run: (world: World) => Promise<unknown>
}[] = [
  {
    name: 'import',
    message: 'ImportSolutionAsync',
    run: (world) => follow(world, () => startImport(world.client, importOf())),
  },
  {
    name: 'upgrade',
    message: 'StageAndUpgradeAsync',
    run: (world) => follow(world, () => startImport(world.client, importOf({ action: 'upgrade' }))),
  },
  {
    name: 'promote',
    message: 'DeleteAndPromoteAsync',
    run: (world) => follow(world, () => startPromote(world.client, { baseName: 'contoso_core' })),
  },
  {
    name: 'export',
    message: 'ExportSolutionAsync',
    run: async ({ client }) => {
      const { bytes } = await exportSolution(client, {
        uniqueName: 'contoso_core',
        managed: true,
        maxWaitMinutes: 60,
        mismatch: (archive) => (ARCHIVE.equals(archive) ? undefined : 'it is another one'),
      })
      expect(Buffer.from(bytes)).toEqual(ARCHIVE)
    },
  },
  {
    name: 'publish',
    message: 'PublishAllXml',
    run: ({ client }) => publishAll(client, { maxWaitMinutes: 60 }),
  },
]

describe.each(FLOWS)('$name survives a fault at every request', ({ message, run }) => {
  test.each(FAULTS)('$name', async ({ acted, reply }) => {
    const calm = faultyWorld(undefined)
    await run(calm)
    const requests = calm.asked.length
    expect(requests).toBeGreaterThan(0)
    for (let at = 1; at <= requests; at++) {
      const world = faultyWorld({ at, acted, reply })
      const started = (): number => world.jobs().filter((job) => job.message === message).length
      // A publish whose request never arrived leaves no trace to decide by, and says so instead of guessing.
      const outcome = await run(world).then(
        () => 'done',
        (error: unknown) => String(error),
      )
      if (message === 'PublishAllXml' && started() === 0)
        expect(outcome).toMatch(/publishing twice does no harm/)
      else expect(outcome).toBe('done')
      expect(started()).toBeLessThanOrEqual(1)
    }
  })
})

function wasSent(asked: readonly Asked[]): boolean {
  return asked.some(({ method }) => method === 'POST')
}

describe('a start whose answer was lost', () => {
  test('is not sent again while jobs of the same kind cannot be told apart', async () => {
    const { client, asked } = scriptedClient(({ method, path }) => {
      if (path === 'WhoAmI') return { json: { UserId: ME, BusinessUnitId: 'b', OrganizationId: 'o' } }
      if (method === 'POST') return reset()
      if (!path.startsWith('asyncoperations') || !wasSent(asked)) return { json: { value: [] } }
      const row = { messagename: 'ImportSolutionAsync', statecode: 0, statuscode: 0 }
      return {
        json: {
          value: [
            { ...row, asyncoperationid: 'a' },
            { ...row, asyncoperationid: 'b' },
          ],
        },
      }
    })
    const failure = await startImport(client, importOf()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UnknownOutcomeError)
    expect(String(failure)).toMatch(/History.*'contoso_core'.*'async-operation-id'/)
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test('is told apart from the import of another solution by the same caller', async () => {
    const { client, asked } = scriptedClient(({ method, path }) => {
      if (path === 'WhoAmI') return { json: { UserId: ME, BusinessUnitId: 'b', OrganizationId: 'o' } }
      if (method === 'POST') return reset()
      if (!wasSent(asked)) return { json: { value: [] } }
      if (path.startsWith('importjobs')) {
        return {
          json: { value: [{ importjobid: 'other', solutionname: 'another_solution', startedon: moment(1) }] },
        }
      }
      const row = { messagename: 'ImportSolutionAsync', statecode: 2, statuscode: 20 }
      return {
        json: {
          value: [
            { ...row, asyncoperationid: 'ours-still-waiting', statecode: 0, statuscode: 0 },
            { ...row, asyncoperationid: 'the-other', startedon: moment(1) },
          ],
        },
      }
    })
    await expect(startImport(client, importOf())).resolves.toEqual({
      asyncOperationId: 'ours-still-waiting',
      importJobId: undefined,
      isFound: true,
    })
  })

  test('is sent three times at most', async () => {
    const { client, asked } = scriptedClient(({ method, path }) => {
      if (path === 'WhoAmI') return { json: { UserId: ME, BusinessUnitId: 'b', OrganizationId: 'o' } }
      return method === 'POST' ? reset() : { json: { value: [] } }
    })
    await expect(startImport(client, importOf())).rejects.toThrow(UnknownOutcomeError)
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })
})

describe('what the requests carry', () => {
  test.each([
    [
      {},
      {
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: true,
        SolutionParameters: { StageSolutionUploadId: 'upload-1' },
      },
    ],
    [
      {
        action: 'stage' as const,
        skipProductUpdateDependencies: true,
        overwriteUnmanagedCustomizations: true,
        publishWorkflows: false,
      },
      {
        OverwriteUnmanagedCustomizations: true,
        PublishWorkflows: false,
        SkipProductUpdateDependencies: true,
        SolutionParameters: { StageSolutionUploadId: 'upload-1' },
        HoldingSolution: true,
      },
    ],
    [
      {
        source: { archive: Uint8Array.of(1, 2, 3) },
        componentParameters: [{ schemaname: 'x' }],
      },
      {
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: true,
        ComponentParameters: [{ schemaname: 'x' }],
        CustomizationFile: 'AQID',
      },
    ],
  ])('an import (%#)', async (request, expected) => {
    const world = faultyWorld(undefined)
    await startImport(world.client, importOf(request))
    const sent: unknown = JSON.parse(world.asked.find(({ method }) => method === 'POST')?.body ?? '')
    expect(sent).toEqual(expected)
  })

  test('an export names its settings', async () => {
    const world = faultyWorld(undefined)
    await exportSolution(world.client, {
      uniqueName: 'x',
      managed: false,
      settings: ['ExportSales'],
      mismatch: () => undefined,
      maxWaitMinutes: 1,
    })
    expect(JSON.parse(world.asked.find(({ method }) => method === 'POST')?.body ?? '')).toEqual({
      SolutionName: 'x',
      Managed: false,
      ExportSales: true,
    })
  })
})

test('nothing to promote is a plain answer', async () => {
  const { client } = scriptedClient(({ path }) =>
    path === 'WhoAmI'
      ? { json: { UserId: ME, BusinessUnitId: 'b', OrganizationId: 'o' } }
      : dataverseError(
          400,
          '0x8004853b',
          'The x solution doesn’t have an upgrade that is ready to be applied.',
        ),
  )
  await expect(startPromote(client, { baseName: 'x' })).rejects.toThrow(NothingToPromoteError)
})

test('a publish that is cut off follows its job instead of publishing again', async () => {
  const world = faultyWorld({ at: 3, acted: true, reply: reset })
  await expect(publishAll(world.client, { maxWaitMinutes: 10 })).resolves.toBe(true)
  expect(world.asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('a publish that stands only in the solution history is followed there', async () => {
  let looks = 0
  const { client, asked } = scriptedClient(({ method, path }) => {
    if (method === 'POST') return reset()
    if (!path.startsWith('msdyn_solutionhistories') || !wasSent(asked)) return { json: { value: [] } }
    const done = ++looks > 2
    return {
      json: {
        value: [
          { msdyn_solutionhistoryid: 'i', msdyn_operation: 0, msdyn_status: 1, msdyn_result: true },
          {
            msdyn_solutionhistoryid: 'p',
            msdyn_operation: 4,
            msdyn_status: done ? 1 : 0,
            msdyn_result: done,
          },
        ],
      },
    }
  })
  await expect(publishAll(client, { maxWaitMinutes: 10 })).resolves.toBe(true)
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('the archive of an export that was only found by its time is not taken unseen', async () => {
  let looks = 0
  const world = faultyWorld({ at: 3, acted: true, reply: reset })
  const { bytes } = await exportSolution(world.client, {
    uniqueName: 'x',
    managed: false,
    maxWaitMinutes: 1,
    mismatch: () => (looks++ === 0 ? 'it is another one' : undefined),
  })
  expect(Buffer.from(bytes)).toEqual(ARCHIVE)
  expect(world.asked.filter(({ path }) => path === 'DownloadSolutionExportData')).toHaveLength(2)
  expect(world.jobs()).toHaveLength(2)
})

test('the archive of another solution is not kept, whoever made it', async () => {
  const world = faultyWorld(undefined)
  const failure = exportSolution(world.client, {
    uniqueName: 'x',
    managed: false,
    maxWaitMinutes: 1,
    mismatch: () => "it is the archive of 'y'",
  })
  await expect(failure).rejects.toThrow(/another archive than was asked for: it is the archive of 'y'/)
})
