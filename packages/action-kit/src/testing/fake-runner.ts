import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from '@jest/globals'

/** Test support: what a runner gives to a step and what it would read afterwards. */
export interface FakeRunner {
  /** Folder for files of the test; gone afterwards. */
  readonly folder: string
  /** Lines of the standard output. */
  lines(): readonly string[]
  outputs(): Readonly<Record<string, string>>
  summary(): string
  exitCode(): number
}

/** Runs `work` with these variables, as a step of a workflow. Everything is as before when it returns. */
export async function onRunner(
  variables: Readonly<Record<string, string>>,
  work: (runner: FakeRunner) => Promise<void> | void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const before = { ...process.env }
  const { exitCode } = process
  let text = ''
  Object.assign(process.env, files, { RUNNER_TEMP: folder, RUNNER_DEBUG: '' }, variables)
  const written = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    await work({
      folder,
      lines: () => text.split(/\r?\n/).slice(0, -1),
      outputs: () => parseBlocks(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
      summary: () => readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
      exitCode: () => Number(process.exitCode ?? 0),
    })
  } finally {
    written.mockRestore()
    process.exitCode = exitCode
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    rmSync(folder, { recursive: true })
  }
}

function parseBlocks(text: string): Record<string, string> {
  const blocks = text.matchAll(/^([\w-]+)<<(\S+)\r?\n(.*?)\r?\n\2\r?$/gms)
  return Object.fromEntries([...blocks].map(([, name = '', , value = '']) => [name, value]))
}
