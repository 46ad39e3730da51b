import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * Loaded before an action: tells its peak memory at the end, in kilobytes, on a channel of its own. On Linux maxRSS
 * is no less than that of the process that started it (getrusage(2) keeps it across execve), so ask elsewhere first.
 */
const reporter = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeSync } from 'node:fs'
  const peak = () => {
    try {
      return /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
    } catch {
      return String(process.resourceUsage().maxRSS)
    }
  }
  process.on('exit', () => writeSync(3, peak()))
`)}`

/**
 * @typedef {object} Measured
 * @property {number} ms
 * @property {number | undefined} mb peak memory
 */

/**
 * @param {string} name
 * @param {Record<string, string>} inputs
 * @param {string[]} [options] of node
 * @param {Record<string, string>} [environment]
 * @param {number} [code] that it is to end with
 * @returns {Promise<Measured>}
 */
export async function measureAction(name, inputs, options = [], environment = {}, code = 0) {
  const variables = Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value])
  const env = {
    ...process.env,
    GITHUB_OUTPUT: '',
    GITHUB_STEP_SUMMARY: '',
    ...environment,
    ...Object.fromEntries(variables),
  }
  return measureCommand(
    process.execPath,
    [...options, '--import', reporter, join('dist', `${name}.js`)],
    { env },
    code,
  )
}

/** @returns {Promise<Measured>} */
export async function measureCommand(command, args, options = {}, wanted = 0) {
  const started = performance.now()
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  let [log, memory] = ['', '']
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text))
  child.stdio[3].on('data', (text) => (memory += text))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const ms = performance.now() - started
  if (code !== wanted) throw new Error(`${command} ${args.join(' ')} ended with code ${code}.\n${log}`)
  return { ms, mb: memory === '' ? undefined : Number(memory) / 1024 }
}

/** The run in the middle, by time. */
export async function median(count, measure) {
  const all = []
  for (let i = 0; i < count; i += 1) all.push(await measure())
  return all.toSorted((a, b) => a.ms - b.ms)[Math.floor(count / 2)]
}
