// Runs a built action the way the GitHub runner does: inputs as INPUT_*, results in files, commands on stdout.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/**
 * @param {string} action name of the folder, like `action-export`
 * @param {Record<string, string>} inputs what the workflow would say under `with:`
 * @param {{ workspace: string, folder: string, label: string }} place `workspace` is what relative paths count from;
 *   log, summary and the runner's files go to `folder` under names that begin with `label`
 * @returns {Promise<{ ok: boolean, outputs: Record<string, string>, summary: string, messages: { level: string, text: string }[], milliseconds: number, log: string }>}
 */
export async function runAction(action, inputs, { workspace, folder, label }) {
  const { inputs: declared, runs } = parse(readFileSync(join(action, 'action.yml'), 'utf8'))
  const files = runnerFiles(folder, label)
  const values = Object.entries(declared).map(([name, { default: value }]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? String(value ?? ''),
  ])
  for (const name of Object.keys(inputs)) {
    if (!(name in declared)) throw new Error(`${action} has no input "${name}".`)
  }
  const started = performance.now()
  const child = spawn(process.execPath, [join(action, runs.main)], {
    env: {
      ...inheritedEnvironment(),
      ...files.environment,
      ...Object.fromEntries(values),
      ...run(workspace),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const reader = new CommandReader()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => reader.push(stream, text))
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  reader.end()
  const log = join(folder, 'logs', `${label}.log`)
  writeFileSync(log, `${reader.lines.join('\n')}\n`)
  return {
    ok: code === 0,
    outputs: readOutputs(readFileSync(files.environment.GITHUB_OUTPUT, 'utf8')),
    summary: readFileSync(files.environment.GITHUB_STEP_SUMMARY, 'utf8'),
    messages: reader.messages,
    milliseconds: performance.now() - started,
    log,
  }
}

/** What a job has anyway. INPUT_ and GITHUB_ variables of the caller's own workflow must not leak in. */
function inheritedEnvironment() {
  const foreign = /^(INPUT_|GITHUB_|ACTIONS_|RUNNER_)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

function run(workspace) {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'some-org/orders',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: 'demo',
  }
}

function runnerFiles(folder, label) {
  const temp = join(folder, 'runner-temp')
  for (const name of ['logs', 'summaries', 'runner-temp']) mkdirSync(join(folder, name), { recursive: true })
  return {
    environment: {
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: temp,
      GITHUB_STEP_SUMMARY: emptyFile(join(folder, 'summaries', `${label}.md`)),
      GITHUB_OUTPUT: emptyFile(join(temp, `${label}-output`)),
      GITHUB_ENV: emptyFile(join(temp, `${label}-env`)),
      GITHUB_STATE: emptyFile(join(temp, `${label}-state`)),
      GITHUB_PATH: emptyFile(join(temp, `${label}-path`)),
    },
  }
}

function emptyFile(path) {
  writeFileSync(path, '')
  return path
}

/** `name=value` lines and `name<<END` blocks. */
function readOutputs(text) {
  const outputs = {}
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i += 1) {
    const block = /^([^=]+?)<<(.+)$/.exec(lines[i])
    if (block) {
      const end = lines.indexOf(block[2], i + 1)
      outputs[block[1]] = lines.slice(i + 1, end).join('\n')
      i = end
    } else if (lines[i].includes('=')) {
      outputs[lines[i].slice(0, lines[i].indexOf('='))] = lines[i].slice(lines[i].indexOf('=') + 1)
    }
  }
  return outputs
}

/** Reads what an action prints. Masked values are replaced before a line is kept, as the runner does. */
class CommandReader {
  lines = []
  messages = []
  #rest = new Map()
  #masks = []

  push(stream, text) {
    const lines = `${this.#rest.get(stream) ?? ''}${text}`.split(/\r?\n/)
    this.#rest.set(stream, lines.pop())
    for (const line of lines) this.#read(line)
  }

  end() {
    for (const line of this.#rest.values()) if (line !== '') this.#read(line)
  }

  #read(line) {
    const command = /^::([a-z-]+)([^:]*)::(.*)$/s.exec(line)
    const text = command ? unescapeData(command[3]) : line
    if (command?.[1] === 'add-mask') {
      if (text !== '') this.#masks.push(text)
      return
    }
    const shown = this.#masks.reduce((result, mask) => result.replaceAll(mask, '***'), text)
    if (command && ['notice', 'warning', 'error'].includes(command[1])) {
      this.messages.push({ level: command[1], text: shown })
    }
    this.lines.push(command && command[1] !== 'debug' ? `${command[1]}: ${shown}` : shown)
  }
}

function unescapeData(text) {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}
