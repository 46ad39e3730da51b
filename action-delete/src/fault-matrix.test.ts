import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { emulate, type Emulated } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { runVerb } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

/** For every request of a deletion, in turn, something goes wrong. What counts is what the emulator has. */

let emulated: Emulated
afterEach(() => emulated.close())

test.each([
  ['deletion of a managed solution with its data', { managed: true }, { 'allow-data-deletion': 'true' }],
  ['deletion of an unmanaged solution', { managed: false }, {}],
])('%s ends with one deletion, whatever happens to whichever request', async (flow, kind, inputs) => {
  emulated = await emulate({}, 250)
  emulated.emulator.clock.stop()
  const archive = await makeArchive({ uniqueName: 'Orders', tables: { new_order: ['new_name'] }, ...kind })
  await expectToSurvive(
    flow,
    async (fault) => {
      const environment = await emulated.environment(archive)
      const ended = await runVerb(
        { action: 'action-delete', readInputs, run },
        emulated,
        environment,
        { 'solution-name': 'Orders', ...inputs },
        { fault },
      )
      const { store } = emulated.emulator.environment(environment.name)
      return {
        ...ended,
        isThere: store.find('solution', (row) => row['uniquename'] === 'Orders') !== undefined,
        deletions: ended.jobs.filter((job) => job === 'UninstallSolutionAsync succeeded').length,
      }
    },
    (ended) => {
      expect(ended).toMatchObject({ failure: '', isThere: false, deletions: 1, outputs: { deleted: true } })
    },
  )
})
