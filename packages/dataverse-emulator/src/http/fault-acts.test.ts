import { file } from '../testing/solution-kit.ts'
import { codeOf, pick, withEmulator, type Kit } from '../testing/with-emulator.ts'

const OPTIONS = { OverwriteUnmanagedCustomizations: false, PublishWorkflows: false }

/** Uploads a solution; gives the id of the upload. */
async function upload(kit: Kit, uniqueName: string): Promise<string> {
  const staged = await kit.done('prod', 'POST', 'StageSolution', {
    CustomizationFile: await file({ uniqueName }),
  })
  return String(pick(staged, 'StageSolutionResults', 'StageSolutionUploadId'))
}

function importUpload(kit: Kit, StageSolutionUploadId: string) {
  return kit.ask('prod', 'POST', 'ImportSolutionAsync', {
    body: { ...OPTIONS, SolutionParameters: { StageSolutionUploadId } },
  })
}

describe('time', () => {
  test.each([-600, -60, 60, 600])('the Date header can be %d s ahead of the times in rows', (seconds) =>
    withEmulator({ dateAheadSeconds: seconds }, async (kit) => {
      const now = kit.emulator.clock.now()
      const { headers } = await kit.ask('prod', 'POST', 'PublishAllXmlAsync', { body: {} })
      const [job] = await kit.rows('prod', 'asyncoperations')
      expect([
        Date.parse(headers.get('date') ?? '') - now,
        Date.parse(String(job?.['createdon'])) - now,
      ]).toEqual([seconds * 1000, 0])
      kit.emulator.settings.dateAheadSeconds = 0
      expect(Date.parse((await kit.ask('prod', 'GET', 'WhoAmI')).headers.get('date') ?? '')).toBe(now)
    }),
  )
})

describe('a late request', () => {
  test('arrives when the clock says so, with the connection long gone', () =>
    withEmulator({ faults: [{ fault: 'late', path: 'ImportSolutionAsync' }] }, async (kit) => {
      const id = await upload(kit, 'Orders')
      const sent = kit.emulator.clock.now()
      await expect(importUpload(kit, id)).rejects.toThrow()
      kit.emulator.clock.advance(129_000)
      expect(await kit.emulator.jobs()).toEqual([])
      // It is there before what comes after it, with the time of its own arrival.
      kit.emulator.clock.advance(11_000)
      const [job] = await kit.rows('prod', 'asyncoperations')
      expect([job?.['messagename'], Date.parse(String(job?.['createdon'])) - sent]).toEqual([
        'ImportSolutionAsync',
        130_000,
      ])
      expect(await kit.emulator.jobs()).toHaveLength(1)
    }))

  test('is refused before a job starts when its upload was deleted in the meantime', () =>
    withEmulator(
      { faults: [{ fault: 'late', path: 'ImportSolutionAsync', lateSeconds: 30 }] },
      async (kit) => {
        const id = await upload(kit, 'Orders')
        await expect(importUpload(kit, id)).rejects.toThrow()
        expect((await kit.ask('prod', 'DELETE', `stagesolutionuploads(${id})`)).status).toBe(204)
        expect((await kit.ask('prod', 'DELETE', `stagesolutionuploads(${id})`)).status).toBe(404)
        kit.emulator.clock.advance(60_000)
        expect(await kit.emulator.jobs()).toEqual([])
        const late = kit.emulator.requests().find(({ fault }) => fault === 'late')
        expect(late?.status).toBe(400)
        expect(codeOf(await importUpload(kit, id))).toBe('0x8004f066')
      },
    ))

  test('is forgotten by a reset', () =>
    withEmulator({ faults: [{ fault: 'late', path: 'PublishAllXmlAsync' }] }, async (kit) => {
      await expect(kit.ask('prod', 'POST', 'PublishAllXmlAsync', { body: {} })).rejects.toThrow()
      await fetch(`${kit.emulator.ready.admin}/reset`, { method: 'POST' })
      await kit.finishJobs()
      expect(await kit.emulator.jobs()).toEqual([])
    }))
})

describe('a repeated request', () => {
  test('acts twice, at once or later', () =>
    withEmulator(
      {
        faults: [
          { fault: 'repeated', path: 'ImportSolutionAsync' },
          { fault: 'repeated', path: 'PublishAllXmlAsync', lateSeconds: 130 },
        ],
      },
      async (kit) => {
        const jobs = async () => (await kit.emulator.jobs()).map(({ message }) => message)
        const answer = await importUpload(kit, await upload(kit, 'Orders'))
        expect([answer.status, await jobs()]).toEqual([200, ['ImportSolutionAsync', 'ImportSolutionAsync']])
        expect((await kit.ask('prod', 'POST', 'PublishAllXmlAsync', { body: {} })).status).toBe(200)
        expect(await jobs()).toHaveLength(3)
        kit.emulator.clock.advance(130_000)
        expect(await jobs()).toHaveLength(4)
      },
    ))
})

describe('answers without an end', () => {
  /** The addresses of the pages, as a client meets them that follows five links. */
  async function addresses(kit: Kit): Promise<string[]> {
    const path = 'solutions?$select=uniquename&$top=1'
    const seen: string[] = []
    let next = `${kit.emulator.ready.environments['prod'] ?? ''}/api/data/v9.2/${path}`
    for (let page = 0; page < 5; page++) {
      const response = await fetch(next, { headers: { authorization: `Bearer ${await kit.token('prod')}` } })
      const body: unknown = await response.json()
      expect(pick(body, 'value')).toHaveLength(1)
      next = String(pick(body, '@odata.nextLink'))
      seen.push(next)
    }
    return seen
  }

  test('every page has a further one', () =>
    withEmulator({ faults: [{ fault: 'endless-pages', path: 'solutions' }] }, async (kit) => {
      expect(new Set(await addresses(kit)).size).toBe(5)
    }))

  test.each([1, 2, 3])('after %d pages the first one comes again', (circle) =>
    withEmulator({ faults: [{ fault: 'endless-pages', path: 'solutions', circle }] }, async (kit) => {
      expect(new Set(await addresses(kit)).size).toBe(circle)
    }),
  )

  test('an answer is as large as the script wants: filled up, of one text alone, or of many rows', () =>
    withEmulator(
      {
        faults: [
          { fault: 'huge', path: 'WhoAmI', bytes: 1_000_000 },
          { fault: 'huge', path: 'RetrieveVersion', status: 500, bytes: 300_000, fill: '<' },
          { fault: 'huge', path: 'solutions', rows: 20_000 },
        ],
      },
      async (kit) => {
        const filled = await kit.ask('prod', 'GET', 'WhoAmI')
        expect([
          filled.text.length,
          typeof filled.body['UserId'],
          filled.headers.get('content-length'),
        ]).toEqual([1_000_000, 'string', null])
        const { status, text } = await kit.ask('prod', 'GET', 'RetrieveVersion')
        expect([status, text.length, text.replaceAll('<', '')]).toEqual([500, 300_000, ''])
        const rows = await kit.rows('prod', 'solutions?$select=uniquename')
        expect([rows.length, new Set(rows.map(({ uniquename }) => uniquename)).has('Default')]).toEqual([
          20_000,
          true,
        ])
      },
    ))

  test('the endpoint of id-tokens can lead elsewhere', () =>
    withEmulator({}, async (kit) => {
      const { oidc, artifacts } = kit.emulator.ready
      kit.emulator.faults([
        { fault: 'status', service: 'oidc', status: 307, headers: { location: artifacts } },
      ])
      const answer = await fetch(oidc.requestUrl, {
        redirect: 'manual',
        headers: { authorization: `Bearer ${oidc.requestToken}` },
      })
      expect([answer.status, answer.headers.get('location')]).toEqual([307, artifacts])
    }))
})
