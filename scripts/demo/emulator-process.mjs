// The emulator as a process of its own, as a user starts it.
import { spawn } from 'node:child_process'

/**
 * @param {string[]} args arguments of `pnpm emulator`
 * @returns {Promise<{ ready: Record<string, any>, stop(): Promise<void>, closed: Promise<number | null> }>} `ready` is
 *   the line of JSON that the emulator prints
 */
export async function startEmulatorProcess(args) {
  const child = spawn(process.execPath, ['scripts/emulator.mjs', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  const closed = new Promise((resolve) => child.on('close', resolve))
  const ready = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`The emulator ended with code ${code}.\n${errors}`)))
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      const line = output.split('\n').find((item) => item.startsWith('{') && output.includes(`${item}\n`))
      if (line) resolve(JSON.parse(line))
    })
  })
  return {
    ready,
    closed,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      await closed
    },
  }
}
