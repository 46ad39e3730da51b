import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  makeArchive,
  type SolutionSketch,
} from '../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { type Emulated, emulate } from './support/emulated.ts'
import { runActionSync } from './support/run-action.ts'
import { type CompositeResult, runComposite } from './support/run-composite.ts'

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulate({ jobSeconds: 0.01 }, 1)
  workspace = mkdtempSync(join(tmpdir(), 'deploy-'))
  await source('alpha', {
    uniqueName: 'Alpha',
    tables: { new_a: ['new_name'] },
    variables: { new_AlphaMail: 'none' },
    missingDependencies: needs('new_b'),
  })
  await source('beta', {
    uniqueName: 'Beta',
    tables: { new_b: ['new_name'] },
    missingDependencies: needs('new_c'),
  })
  await source('gamma', {
    uniqueName: 'Gamma',
    tables: { new_c: ['new_name'] },
    variables: { new_GammaMail: 'none' },
  })
  writeFileSync(
    join(workspace, 'settings.json'),
    JSON.stringify({
      EnvironmentVariables: ['new_AlphaMail', 'new_GammaMail'].map((SchemaName) => ({
        SchemaName,
        Value: `${SchemaName}@contoso.example`,
      })),
      ConnectionReferences: [],
    }),
  )
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

/** What an export lists of a table that another solution of the environment has. */
function needs(table: string): string {
  return `<MissingDependency><Required type="1" schemaName="${table}" displayName="${table}" solution="Active" /><Dependent type="1" schemaName="new_any" displayName="Any" /></MissingDependency>`
}

/** Source as a repository has it, below `solutions`. */
async function source(folder: string, sketch: SolutionSketch): Promise<void> {
  const file = join(workspace, 'exports', `${folder}.zip`)
  mkdirSync(dirname(file), { recursive: true })
  for (const managed of [false, true])
    writeFileSync(
      managed ? file.replace('.zip', '_managed.zip') : file,
      await makeArchive({ ...sketch, managed }),
    )
  const { code, log } = runActionSync(
    'unpack',
    { 'solution-file': file, 'solution-folder': `solutions/${folder}`, 'solution-type': 'Both' },
    { workspace },
  )
  if (code !== 0) throw new Error(log)
}

function deploy(
  connection: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<CompositeResult> {
  return runComposite(
    'action-deploy',
    {
      ...connection,
      'solution-folder': 'solutions/*',
      version: '2.0.0.0',
      'deployment-settings-file': 'settings.json',
      ...inputs,
    },
    { workspace, github: { token: 'ghs_of-the-job' }, environment: {} },
  )
}

test('three solutions that need each other against the order of their names are packed, checked and imported', async () => {
  const environment = await emulated.environment()
  const { connection } = environment
  const imports = (): number =>
    environment.requests().filter(({ path }) => /Import\w*Async$/.test(path)).length
  const check = await deploy(connection, { mode: 'check' })
  expect([check.code, check.ran, imports()]).toEqual([0, ['pack', 'import'], 0])
  expect(check.outputs).toMatchObject({ changed: 'false', 'import-status': 'skipped' })

  const { code, ran, outputs, summary } = await deploy(connection)
  expect([code, ran, imports()]).toEqual([0, ['pack', 'import', 'import'], 3])
  expect(outputs['solution-file']?.split('\n')).toEqual(
    ['Alpha', 'Beta', 'Gamma'].map((name) => join(workspace, `out/${name}_managed.zip`)),
  )
  expect(JSON.parse(outputs['solutions'] ?? '')).toMatchObject(
    ['Gamma', 'Beta', 'Alpha'].map((name) => ({
      'solution-name': name,
      decision: 'install',
      version: '2.0.0.0',
      'import-status': 'succeeded',
    })),
  )
  expect(summary).toContain('Imported 3 solutions')
  expect(summary.match(/1 variable set/g)).toHaveLength(2)
})
