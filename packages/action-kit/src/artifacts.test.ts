import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BundledScript, bundledScript } from '../../../tests/support/bundled-script.ts'
import { type Emulated, emulate } from '../../../tests/support/emulated.ts'
import { startStep, type StepResult } from '../../../tests/support/run-action.ts'

/** Uploads two files, or downloads what an earlier step uploaded. */
const source = `
import { join } from 'node:path'
import { runAction } from './run-action.ts'
await runAction({ name: 'Test action', version: '1.0.0', inputs: { mode: {}, name: {} } }, async ({ artifacts, root }) => {
  const name = process.env['INPUT_NAME']
  if (process.env['INPUT_MODE'] === 'download') {
    await artifacts.download(name, join(root, 'down/loaded'))
    return {}
  }
  return artifacts.upload(name, ['a.txt', 'sub/ä.txt'].map((file) => join(root, 'files', file)), join(root, 'files'))
})
`

let emulated: Emulated
let script: BundledScript
let workspace: string
beforeAll(async () => {
  ;[emulated, script] = await Promise.all([emulate(), bundledScript(source, import.meta.dirname)])
  workspace = mkdtempSync(join(tmpdir(), 'kit-'))
  mkdirSync(join(workspace, 'files/sub'), { recursive: true })
  writeFileSync(join(workspace, 'files/a.txt'), 'one')
  writeFileSync(join(workspace, 'files/sub/ä.txt'), 'two')
})
afterAll(async () => {
  await emulated.close()
  script.remove()
  rmSync(workspace, { recursive: true })
})

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** The runner's token names the run and the job to which artifacts belong. */
const token = `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-1:job-1' })}.signature-of-the-runner`

const step = (inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
  startStep(script.file, inputs, {
    workspace,
    environment: { ACTIONS_RESULTS_URL: emulated.emulator.ready.artifacts, ACTIONS_RUNTIME_TOKEN: token },
  }).ended

test('what one step uploads, a later one downloads', async () => {
  const uploaded = await step({ mode: 'upload', name: 'archives' })
  expect(uploaded).toMatchObject({ code: 0, stderr: '' })
  expect(uploaded.outputs).toEqual({
    id: expect.stringMatching(/^\d+$/),
    size: expect.stringMatching(/^\d+$/),
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(await step({ mode: 'download', name: 'archives' })).toMatchObject({ code: 0 })
  const folder = join(workspace, 'down/loaded')
  expect(new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }))).toEqual(
    new Set(['a.txt', 'sub', join('sub', 'ä.txt')]),
  )
  expect(readFileSync(join(folder, 'sub/ä.txt'), 'utf8')).toBe('two')
})

test.each([
  [{ mode: 'download', name: 'missing' }, 'could not be downloaded'],
  [{ mode: 'upload', name: 'a/b' }, 'could not be uploaded'],
])('%j says which artifact it was and what went wrong', async (inputs, words) => {
  const { code, annotations } = await step(inputs)
  expect(code).toBe(1)
  const messages = annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  expect(messages).toEqual([expect.stringContaining(`The artifact '${inputs.name}' ${words}: `)])
})
