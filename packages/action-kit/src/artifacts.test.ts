import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import JSZip from 'jszip'
import { type BundledScript, bundledScript } from '../../../tests/support/bundled-script.ts'
import { type Emulated, emulate } from '../../../tests/support/emulated.ts'
import { startStep, type StepResult } from '../../../tests/support/run-action.ts'

/** Uploads two files, or downloads what an earlier step uploaded. */
const source = `
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAction } from './run-action.ts'
await runAction({ name: 'Test action', version: '1.0.0', inputs: { mode: {}, name: {}, max: {} } }, async ({ artifacts, root }) => {
  const name = process.env['INPUT_NAME']
  if (process.env['INPUT_MODE'] === 'download') {
    const { bytes, digest } = await artifacts.read(name, Number(process.env['INPUT_MAX'] ?? 1e6))
    writeFileSync(join(root, 'downloaded'), bytes)
    return { digest }
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
  const downloaded = await step({ mode: 'download', name: 'archives' })
  expect(downloaded).toMatchObject({ code: 0, outputs: { digest: uploaded.outputs['digest'] } })
  const { files } = await JSZip.loadAsync(readFileSync(join(workspace, 'downloaded')))
  expect(Object.keys(files).toSorted()).toEqual(['a.txt', 'sub/ä.txt'])
  expect(await files['sub/ä.txt']?.async('string')).toBe('two')
})

test('outside of a job of GitHub Actions it says so, and what act needs', async () => {
  const { code, annotations } = await startStep(
    script.file,
    { mode: 'download', name: 'archives' },
    { workspace },
  ).ended
  expect(code).toBe(1)
  expect(annotations.at(-1)?.message).toMatch(/Only a job of GitHub Actions .* --artifact-server-path/)
})

test.each([
  [{ mode: 'download', name: 'missing' }, "This run has no artifact 'missing'. It has 'archives'."],
  [{ mode: 'download', name: 'archives', max: '10' }, "The artifact 'archives' has "],
  [{ mode: 'upload', name: 'a/b' }, "The artifact 'a/b' could not be uploaded: "],
])('%j says which artifact it was and what went wrong', async (inputs, message) => {
  const { code, annotations } = await step(inputs)
  expect(code).toBe(1)
  const errors = annotations.filter(({ level }) => level === 'error')
  expect(errors).toMatchObject([{ message: expect.stringContaining(message) }])
})
