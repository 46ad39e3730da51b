import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type BundledScript, bundledScript } from '../../../tests/support/bundled-script.ts'
import { startStep, type StepResult } from '../../../tests/support/run-action.ts'

/**
 * A step that does as MODE says after it has set an output. Timers are logged; none of them fires where TIME stands
 * still, and where it flies, each fires at once.
 */
const source = `
import { runAction } from './run-action.ts'
const { setTimeout } = globalThis
globalThis.setTimeout = (work, ms) => {
  console.log('A timer of ' + ms + ' ms.')
  return setTimeout(work, process.env['INPUT_TIME'] === 'flies' ? 0 : 1_000_000)
}
const forever = () => new Promise(() => setInterval(() => {}, 1_000))
const modes = {
  stubborn: forever,
  listening: ({ sleep }) => sleep(1_000_000),
  tidying: async ({ sleep, setOutput, summary }) => {
    await sleep(1_000_000).finally(() => { setOutput('tidied', true); summary.text('Tidied.') })
  },
  throwing: () => { setTimeout(() => { throw new Error('Thrown by a timer.') }, 0); return forever() },
  rejecting: () => { void Promise.reject(new Error('Nobody waits.')); return forever() },
}
await runAction({ name: 'Test action', version: '1.0.0', inputs: { mode: {}, time: {} } }, async (deps) => {
  deps.setOutput('job-id', 'abc')
  deps.summary.text('Started.')
  deps.log.info('Ready.')
  await modes[process.env['INPUT_MODE']](deps)
  return {}
})
`

let script: BundledScript
let workspace: string
beforeAll(async () => {
  script = await bundledScript(source, import.meta.dirname)
  workspace = mkdtempSync(`${tmpdir()}/kit-`)
})
afterAll(() => {
  script.remove()
  rmSync(workspace, { recursive: true })
})

const errors = ({ annotations }: StepResult): readonly string[] =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message)

// Windows knows no such signals: it ends the process at once.
const onPosix = process.platform === 'win32' ? describe.skip : describe

onPosix('a signal', () => {
  test.each([
    ['listening', 'SIGTERM', {}],
    ['listening', 'SIGINT', {}],
    ['tidying', 'SIGTERM', { tidied: 'true' }],
  ] as const)('ends a %s step without waiting (%s)', async (mode, name, more) => {
    const step = startStep(script.file, { mode, time: 'stands' }, { workspace })
    await step.logged('Ready.')
    step.signal(name)
    const result = await step.ended
    expect(result).toMatchObject({ code: 1, stderr: '', outputs: { 'job-id': 'abc', ...more } })
    expect(errors(result)).toEqual([`The step was cancelled (${name}).`])
    expect(result.summary).toContain('Started.')
  })

  test('ends a stubborn step after a second, well before the runner kills it', async () => {
    const step = startStep(script.file, { mode: 'stubborn', time: 'flies' }, { workspace })
    await step.logged('Ready.')
    step.signal('SIGTERM')
    const result = await step.ended
    expect(result).toMatchObject({ code: 1, stderr: '', outputs: { 'job-id': 'abc' } })
    expect(result.stdout).toContain('A timer of 1000 ms.')
    expect(errors(result)).toEqual(['The step was cancelled (SIGTERM).'])
    expect(result.summary).toContain('Started.')
  })

  test('that comes twice ends the step at once', async () => {
    const step = startStep(script.file, { mode: 'stubborn', time: 'stands' }, { workspace })
    await step.logged('Ready.')
    step.signal('SIGINT')
    step.signal('SIGTERM')
    expect(errors(await step.ended)).toHaveLength(1)
  })
})

test.each([
  ['throwing', 'Thrown by a timer.'],
  ['rejecting', 'Nobody waits.'],
])(
  'an error that nobody catches is one message with its place and without a stack (%s)',
  async (mode, message) => {
    const result = await startStep(script.file, { mode, time: 'flies' }, { workspace }).ended
    expect(result).toMatchObject({ code: 1, stderr: '', outputs: { 'job-id': 'abc' } })
    expect(errors(result)).toEqual([expect.stringMatching(`please report it: Error: ${message} \\(at `)])
    expect(result.stdout).not.toMatch(/^\s*at /m)
    expect(result.summary).toContain('Started.')
  },
)
