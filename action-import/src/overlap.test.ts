import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withEmulator } from './testing/emulated-environment.ts'
import type { BeforeRequest, EmulatedRun } from './testing/emulated-environment.ts'
import { solutionArchive, withArchive } from './testing/scripted-environment.ts'

/** More than a run has requests. */
const MOMENTS = Array.from({ length: 22 }, (_, index) => index)
const environments = Object.fromEntries(
  MOMENTS.map((moment) => [`e${moment}`, { kind: 'production' as const }]),
)

/** Whether the second deployment is over, or its import only sent, when the first one goes on. */
type Until = 'over' | 'sent'

/** Runs the second deployment, and calls back as soon as the first may go on. */
function barrier(until: Until): {
  readonly reached: Promise<void>
  readonly beforeRequest: BeforeRequest
  readonly release: () => void
} {
  let reach = (): void => {}
  let release = (): void => {}
  const reached = new Promise<void>((resolve) => void (reach = resolve))
  const released = new Promise<void>((resolve) => void (release = resolve))
  let isSent = false
  return {
    reached,
    release: () => release(),
    async beforeRequest(_, url) {
      if (isSent) {
        reach()
        await released
      }
      if (until === 'sent' && url.endsWith('/ImportSolutionAsync')) isSent = true
    },
  }
}

test.each<[first: string, second: string, until: Until]>([
  ['2.7.0.0', '2.8.0.0', 'over'],
  ['2.7.0.0', '2.8.0.0', 'sent'],
  ['2.8.0.0', '2.7.0.0', 'sent'],
])(
  '%s is deployed, before whichever of its requests %s is %s: the higher version stays',
  async (first, second, until) => {
    await withArchive({}, async (folder) => {
      for (const version of [first, second])
        await writeFile(join(folder, `${version}.zip`), await solutionArchive({ version }))
      const before = await solutionArchive({ version: '1.0.0.0' })
      await withEmulator(
        { environments, jobSeconds: 120 },
        async (emulator, act) => {
          let moments = 0
          for (const moment of MOMENTS) {
            const environment = `e${moment}`
            emulator.seed(environment, { source: 'before', archive: before })
            const { reached, beforeRequest, release } = barrier(until)
            let other: Promise<EmulatedRun> | undefined
            const one = await act(environment, { solutionFiles: [`${first}.zip`] }, async (index, url) => {
              // A whole deployment between the last look and the sending is the one moment that nobody can guard.
              if (index !== moment || (until === 'over' && url.endsWith('/ImportSolutionAsync'))) return
              other = act(environment, { solutionFiles: [`${second}.zip`] }, beforeRequest)
              await Promise.race([other, reached])
            })
            release()
            if (other === undefined) continue
            moments++
            const two = await other
            const installed = emulator
              .environment(environment)
              .store.find('solution', (row) => row['uniquename'] === 'core')
            expect({ moment, version: installed?.['version'] }).toEqual({ moment, version: '2.8.0.0' })
            // One import each at most, and no upload that none used.
            const jobs = (await emulator.jobs()).filter((job) => job.environment === environment)
            const imports = jobs.filter(({ state }) => state !== 'canceled').length
            expect({ moment, imports }).toEqual({
              moment,
              imports: two.failure === '' && one.failure === '' ? 2 : 1,
            })
            expect(emulator.environment(environment).store.count('stagesolutionupload')).toBe(imports)
            // Whoever did not import says why, and the newer one is never refused.
            const [newer, older] = first === '2.8.0.0' ? [one, two] : [two, one]
            expect({ moment, failure: newer.failure }).toEqual({ moment, failure: '' })
            expect(older.failure).toMatch(/^$|has the higher 2\.8\.0\.0/)
          }
          expect(moments).toBeGreaterThan(15)
        },
        folder,
      )
    })
  },
)

test.each([
  ['2.7.0.0', '2.8.0.0'],
  ['2.8.0.0', '2.7.0.0'],
])(
  'the import of %s is lost while %s is imported by the same application: each is told of its own',
  async (lost, other) => {
    await withArchive({}, async (folder) => {
      for (const version of [lost, other])
        await writeFile(join(folder, `${version}.zip`), await solutionArchive({ version }))
      const before = await solutionArchive({ version: '1.0.0.0' })
      await withEmulator(
        { environments: { e0: { kind: 'production' } }, jobSeconds: 120 },
        async (emulator, act) => {
          emulator.seed('e0', { source: 'before', archive: before })
          emulator.faults([{ fault: 'reset-before', method: 'POST', path: 'ImportSolutionAsync' }])
          const { reached, beforeRequest, release } = barrier('sent')
          let two: Promise<EmulatedRun> | undefined
          let isSent = false
          const one = await act('e0', { solutionFiles: [`${lost}.zip`] }, async (_, url) => {
            if (isSent && two === undefined) {
              two = act('e0', { solutionFiles: [`${other}.zip`] }, beforeRequest)
              await reached
              release()
            }
            isSent ||= url.endsWith('/ImportSolutionAsync')
          })
          expect(await two).toMatchObject({ failure: '', result: { version: other } })
          if (lost === '2.8.0.0') expect(one).toMatchObject({ failure: '', result: { version: lost } })
          else expect(one.failure).toContain('has the higher 2.8.0.0')
          const installed = emulator
            .environment('e0')
            .store.find('solution', (row) => row['uniquename'] === 'core')
          expect(installed?.['version']).toBe('2.8.0.0')
        },
        folder,
      )
    })
  },
)

test('a network that fails for a while right after the sending does not end the following', async () => {
  await withArchive({ version: '2.7.0.0' }, async (folder) => {
    await withEmulator(
      { environments: { e0: { kind: 'production' } }, jobSeconds: 120 },
      async (emulator, act) => {
        const path = String.raw`/statecode(%20|\+| )ne/`
        emulator.faults([{ fault: 'reset-before', method: 'GET', path, nth: 2, times: 6 }])
        expect(await act('e0', {})).toMatchObject({ failure: '', result: { version: '2.7.0.0' } })
        // It is the job's own while it waits or runs.
        expect(emulator.environment('e0').store.count('stagesolutionupload')).toBe(1)
      },
      folder,
    )
  })
})
