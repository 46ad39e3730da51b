import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readInputs as readBackup } from '../action-backup/src/inputs.ts'
import { run as runBackup } from '../action-backup/src/run.ts'
import { readInputs as readClone } from '../action-clone/src/inputs.ts'
import { run as runClone } from '../action-clone/src/run.ts'
import { readInputs as readComponents } from '../action-components/src/inputs.ts'
import { run as runComponents } from '../action-components/src/run.ts'
import { readInputs as readDelete } from '../action-delete/src/inputs.ts'
import { run as runDelete } from '../action-delete/src/run.ts'
import { readInputs as readExport } from '../action-export/src/inputs.ts'
import { run as runExport } from '../action-export/src/run.ts'
import { readInputs as readImport } from '../action-import/src/inputs.ts'
import { run as runImport } from '../action-import/src/run.ts'
import { readInputs as readLayers } from '../action-layers/src/inputs.ts'
import { run as runLayers } from '../action-layers/src/run.ts'
import { readInputs as readPublish } from '../action-publish/src/inputs.ts'
import { run as runPublish } from '../action-publish/src/run.ts'
import { readInputs as readSetVersion } from '../action-set-version/src/inputs.ts'
import { run as runSetVersion } from '../action-set-version/src/run.ts'
import { readInputs as readUpgrade } from '../action-upgrade/src/inputs.ts'
import { run as runUpgrade } from '../action-upgrade/src/run.ts'
import { type ConnectedDeps, RIGHTS_OF } from '../packages/connected-action/src/index.ts'
import {
  makeArchive,
  type SolutionSketch,
} from '../packages/dataverse-emulator/src/testing/solution-archive.ts'
import type { Emulated } from './support/emulated.ts'
import { asReader, emulateForVerb, runVerb, startJob, type VerbRun } from './support/verb-run.ts'

/**
 * What people do wrong with every verb alike, and what happens to them. Each is told what, where and what to do, before
 * anything is written; what the emulator was sent is the witness.
 */

const unmanaged: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  tables: { new_order: ['new_name'] },
  webResources: { 'new_/main.js': 'x' },
}
const managed: SolutionSketch = { ...unmanaged, managed: true }
const staged: SolutionSketch = { ...managed, uniqueName: 'Orders_Upgrade', version: '1.3.0.0' }
const byHand: SolutionSketch = { uniqueName: 'Handmade', webResources: { 'new_/main.js': 'changed' } }
const library: SolutionSketch = { uniqueName: 'Library', webResources: { 'new_/other.js': 'x' } }

interface Verb {
  readonly go: (emulated: Emulated, root: string, inputs: Given, sketches: readonly SolutionSketch[]) => Going
  /** What is there when all is well. */
  readonly there: readonly SolutionSketch[]
  readonly inputs: Given
  /** The input that names the solution, where one does. */
  readonly name?: string
  /** What is said of a solution of the other kind, where that cannot be. */
  readonly ofOtherKind?: RegExp
  /** What is said of the solution `Default`. */
  readonly ofDefault?: RegExp
}
type Given = Readonly<Record<string, string>>
type Going = Promise<VerbRun & { readonly writes: readonly string[] }>

function verb<Inputs>(
  action: string,
  readInputs: () => Inputs,
  run: (inputs: Inputs, deps: ConnectedDeps) => Promise<Readonly<Record<string, unknown>>>,
): Verb['go'] {
  return async (emulated, root, { busy, ...inputs }, sketches) => {
    const environment = await emulated.environment(...sketches)
    if (busy !== undefined) await startJob(emulated, environment, 'PublishAllXmlAsync', { seconds: 7_200 })
    const before = environment.requests().length
    const ended = await runVerb({ action, readInputs, run }, emulated, environment, inputs, { root })
    const sent = environment.requests().slice(before)
    return { ...ended, writes: sent.flatMap(({ method, path }) => (method === 'GET' ? [] : [path])) }
  }
}

const exported = { there: [unmanaged], ofOtherKind: /'Orders' is managed in .*cannot be exported/ }
const changed = /'Orders' is managed in .*cannot be changed \(0x8004f024\)/
const name = 'solution-name'

const verbs: Readonly<Record<string, Verb>> = {
  export: {
    ...exported,
    go: verb('action-export', readExport, runExport),
    inputs: { [name]: 'Orders', 'solution-output-file': 'out.zip' },
    name,
    ofDefault: /'Default' is a part of every environment, and it cannot be exported \(0x80048048\)/,
  },
  import: {
    go: verb('action-import', readImport, runImport),
    there: [unmanaged],
    inputs: { 'solution-file': 'unmanaged.zip' },
    ofOtherKind: /managed/,
  },
  backup: {
    ...exported,
    go: verb('action-backup', readBackup, runBackup),
    inputs: { solutions: 'Orders' },
    name: 'solutions',
    ofDefault: /'Default' is a part of every environment, and it cannot be exported/,
  },
  clone: {
    ...exported,
    go: verb('action-clone', readClone, runClone),
    inputs: { [name]: 'Orders' },
    name,
    ofDefault: /'Default' is a part of every environment, and it cannot be exported/,
  },
  'clone as patch': {
    go: verb('action-clone', readClone, runClone),
    there: [unmanaged],
    inputs: { [name]: 'Orders', mode: 'patch' },
    name,
    ofOtherKind: /'Orders' is managed in .*only an unmanaged solution can be cloned/,
    ofDefault: /'Default' is a part of every environment, and it cannot be cloned/,
  },
  components: {
    go: verb('action-components', readComponents, runComponents),
    there: [unmanaged, library],
    inputs: { [name]: 'Orders', components: 'Web resource: new_/other.js' },
    name,
    ofOtherKind: changed,
    ofDefault: /'Default' is a part of every environment, and what it holds cannot be changed/,
  },
  'set-version': {
    go: verb('action-set-version', readSetVersion, runSetVersion),
    there: [unmanaged],
    inputs: { [name]: 'Orders', version: 'minor' },
    name,
    ofOtherKind: changed,
    ofDefault: /'Default' is a part of every environment, and its version cannot be changed/,
  },
  upgrade: {
    go: verb('action-upgrade', readUpgrade, runUpgrade),
    there: [managed, staged],
    inputs: { [name]: 'Orders' },
    name,
    ofOtherKind: /No upgrade of 'Orders' is staged/,
    ofDefault: /No upgrade of 'Default' is staged/,
  },
  layers: {
    go: verb('action-layers', readLayers, runLayers),
    there: [managed, byHand],
    inputs: { [name]: 'Orders', remove: 'all' },
    name,
    ofOtherKind: /'Orders' is unmanaged in .*all of it is the unmanaged layer/,
    ofDefault: /'Default' is unmanaged in/,
  },
  // Either kind can be deleted; a managed one with data only with leave.
  delete: {
    go: verb('action-delete', readDelete, runDelete),
    there: [unmanaged],
    inputs: { [name]: 'Orders' },
    name,
    ofOtherKind: /'Orders' 1\.2\.0\.0 was not deleted: .*'allow-data-deletion: true'/,
    ofDefault: /'Default' is a part of every environment, and it cannot be deleted/,
  },
  // Either kind can be published, and everything.
  publish: {
    go: verb('action-publish', readPublish, runPublish),
    there: [unmanaged],
    inputs: { [name]: 'Orders' },
    name,
  },
}

let emulated: Emulated
let root: string
beforeAll(async () => {
  emulated = await emulateForVerb({ jobSeconds: 0.01 }, 60)
  root = mkdtempSync(join(tmpdir(), 'mistakes-'))
  writeFileSync(join(root, 'unmanaged.zip'), await makeArchive(unmanaged))
})
afterAll(async () => {
  await emulated.close()
  rmSync(root, { recursive: true })
})

/** Runs with something wrong: nothing is written, and the failure is as expected. */
async function expectRefusal(
  { go, there, inputs }: Verb,
  message: RegExp,
  given: Given,
  sketches = there,
): Promise<void> {
  const { failure, writes } = await go(emulated, root, { ...inputs, ...given }, sketches)
  expect([failure, writes.filter((path) => path !== 'StageSolution')]).toEqual([
    expect.stringMatching(message),
    [],
  ])
}

const rows = Object.entries(verbs).map(([title, one]) => ({ title, one }))

test('every verb that needs rights is here', () => {
  expect(Object.keys(RIGHTS_OF).filter((known) => !(known in verbs))).toEqual([])
})

test.each(rows.filter(({ one }) => one.name !== undefined))(
  '$title: a slip in the name offers the right one',
  ({ one }) =>
    expectRefusal(one, /There is no solution 'Odrers' in http.*Similar ones that are there: 'Orders'/, {
      [one.name ?? '']: 'Odrers',
    }),
)

test.each(rows.filter(({ one }) => one.ofDefault !== undefined))(
  '$title: the solution of the system is refused',
  ({ one }) => expectRefusal(one, one.ofDefault ?? /^$/, { [one.name ?? '']: 'Default' }),
)

test.each(rows.filter(({ one }) => one.ofOtherKind !== undefined))(
  '$title: a managed solution in the place of an unmanaged one, or the other way round',
  ({ one }) =>
    expectRefusal(
      one,
      one.ofOtherKind ?? /^$/,
      {},
      one.there.map((sketch) => ({ ...sketch, managed: sketch.managed !== true })).slice(0, 1),
    ),
)

test.each(rows)('$title: a missing privilege is named, with who lacks it and what to give', ({ one }) =>
  expectRefusal(
    one,
    /application user '# 0a11ce00-[^']*', whose roles are 'Basic User', lacks prv\w+ \(for .*Give it the role System Customizer/,
    asReader,
  ),
)

test.each(rows)(
  '$title: another operation is waited for, and named with its owner when it does not end',
  ({ one }) =>
    expectRefusal(
      one,
      /was busy with other solution operations for 5 minutes: PublishAllXmlAsync runs there since .* started by '# emulator'\)\. Nothing was started\./,
      { busy: 'yes', 'max-queue-wait-time': '5' },
    ),
)
