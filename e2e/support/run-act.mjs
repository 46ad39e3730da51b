// Runs a workflow in act, in host mode and offline, and gives back what it reported.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

const installed = resolve('.cache/act/bin/act')

/** The binary, or undefined: ACT_BINARY, the one that .ci/run installs, or `act` on the PATH. */
export function findAct() {
  if (process.env.ACT_BINARY) return process.env.ACT_BINARY
  if (existsSync(installed)) return installed
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => resolve(folder, 'act')).find((file) => existsSync(file))
}

/**
 * @typedef {object} ActRun
 * @property {number | null} code
 * @property {string} text everything that act wrote
 * @property {Record<string, string>} jobs result by id of the job
 * @property {Record<string, Record<string, string>>} outputs by id of the step, or its name where it has no id
 * @property {string[]} summaries
 * @property {string[]} masked values that the steps asked to mask
 * @property {string[]} log lines that a person would see
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
    { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000 },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  }
  const code = await new Promise((resolved, reject) => child.on('error', reject).on('close', resolved))
  return { code, text, ...read(text) }
}

function read(text) {
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const of = (command) => events.filter((event) => event.command === command)
  const outputs = {}
  for (const { jobID, stepID, name, arg } of of('set-output')) {
    const key = `${jobID}/${[stepID].flat().join('/')}`
    outputs[key] = { ...outputs[key], [name]: arg }
  }
  return {
    jobs: Object.fromEntries(
      events.filter(({ jobResult }) => jobResult).map(({ jobID, jobResult }) => [jobID, jobResult]),
    ),
    outputs,
    summaries: of('summary').map(({ content }) => content),
    masked: of('add-mask').map(({ arg }) => arg),
    // The event that masks a value carries it in plain; a runner does not show that line.
    log: events
      .filter(({ command }) => command !== 'add-mask')
      .map((event) => [event.jobID, event.msg, event.arg, event.content].filter(Boolean).join(' ')),
  }
}
