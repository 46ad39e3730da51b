import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord } from './http/exchange.ts'
import { makeArchive } from './testing/solution-archive.ts'

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command; once it is ready it is stopped with the signal. */
function run(
  args: readonly string[],
  signal: 'SIGINT' | 'SIGTERM',
  ready: (line: unknown) => Promise<void>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/emulator.mjs', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.stdout.on('data', (chunk: Buffer) => {
      const isFirst = !stdout.includes('\n')
      stdout += chunk.toString()
      if (!isFirst || !stdout.includes('\n')) return
      ready(JSON.parse(stdout)).then(
        () => child.kill(signal),
        (error: unknown) => {
          child.kill('SIGKILL')
          reject(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('the command', () => {
  test('prints one line when it is ready, has the sample in dev, and ends on SIGTERM', async () => {
    const { code, stdout, stderr } = await run([], 'SIGTERM', async (line) => {
      const admin = isRecord(line) ? String(line['admin']) : ''
      expect(await (await fetch(admin)).text()).toContain('environments')
    })
    expect([code, stdout.split('\n').length, stderr]).toEqual([0, 2, ''])
  })

  test('takes a configuration whose paths count from its folder, and ends on SIGINT', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    try {
      writeFileSync(
        join(folder, 'orders.zip'),
        await makeArchive({ uniqueName: 'Orders', webResources: { 'new_/a.js': '1' } }),
      )
      writeFileSync(
        join(folder, 'emulator.json'),
        JSON.stringify({ environments: { only: { kind: 'sandbox', solutions: ['orders.zip'] } } }),
      )
      const { code } = await run(['--config', join(folder, 'emulator.json')], 'SIGINT', async (line) => {
        expect(
          isRecord(line) && isRecord(line['environments']) ? Object.keys(line['environments']) : [],
        ).toEqual(['only'])
        const admin = isRecord(line) ? String(line['admin']) : ''
        expect(await (await fetch(admin)).text()).toContain('<strong>Orders</strong>')
      })
      expect(code).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('says what is wrong with a configuration and fails', async () => {
    const { code, stdout, stderr } = await run(['--config', 'nobody.json'], 'SIGTERM', () =>
      Promise.resolve(),
    )
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^There is no configuration file .*nobody\.json\.\n$/)
    expect((await run(['--port', '1'], 'SIGTERM', () => Promise.resolve())).stderr).toMatch(
      /^Unknown option '--port'.* Known: --config FILE\.\n$/,
    )
  })
})
