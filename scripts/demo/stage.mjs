import { join } from 'node:path'
import { facts, lines, messages, step } from './print.mjs'
import { runAction } from './run-action.mjs'

/** Runs numbered steps in one output folder and keeps what a person wants to find there afterwards. */
export class Stage {
  output
  #ready
  #number
  #places = []

  constructor({ output, ready, first }) {
    this.output = output
    this.#ready = ready
    this.#number = first
  }

  /** The connection inputs for an environment. The secret travels in the environment of the process, as on a runner. */
  connection(environment) {
    return {
      'environment-url': this.#ready.environments[environment],
      'tenant-id': this.#ready.tenantId,
      'app-id': this.#ready.appId,
      'client-secret': this.#ready.clientSecret,
      authority: this.#ready.authority,
    }
  }

  /**
   * Runs one action and shows it as a step.
   * @param {string} title
   * @param {string} action
   * @param {Record<string, string>} inputs
   * @param {(outputs: Record<string, string>) => [string, string | undefined][]} describe
   */
  async run(title, action, inputs, describe) {
    const { outputs, messages: said, milliseconds } = await this.#act(title, action, inputs)
    this.say(title, milliseconds)
    facts(describe(outputs))
    messages(said)
    return outputs
  }

  /** Runs one action and shows what its job summary says, as far as it fits. */
  async report(title, action, inputs, maxLines) {
    const { summary, milliseconds } = await this.#act(title, action, inputs)
    const all = summary.trimEnd().split('\n')
    const rest = all.length - maxLines
    const more = rest > 0 ? [`and ${rest} more lines, in summaries/`] : []
    this.say(title, milliseconds, [...all.slice(0, maxLines), ...more])
  }

  /**
   * Runs actions as one step that stands for something that people do elsewhere.
   * @param {string} title
   * @param {[string, Record<string, string>][]} runs action and inputs, one after the other
   * @param {string[]} details
   */
  async pretend(title, runs, details) {
    let milliseconds = 0
    for (const [action, inputs] of runs) {
      milliseconds += (await this.#act(title, action, inputs)).milliseconds
    }
    this.say(title, milliseconds, details)
  }

  /** A step that is no action. */
  say(title, milliseconds, details = []) {
    step(this.#number, title, milliseconds)
    lines(details)
    this.#number += 1
  }

  async #act(title, action, inputs) {
    const label = `${String(this.#number).padStart(2, '0')}-${action.replace('action-', '')}`
    const result = await runAction(action, inputs, { workspace: this.output, folder: this.output, label })
    if (result.ok) return result
    this.say(title, result.milliseconds)
    messages(result.messages)
    throw new Error(`This step failed. Its whole log: ${result.log}`)
  }

  /** Remembers a file or folder of the output folder for the list at the end. */
  keep(name, what) {
    this.#places.push([name, what])
    return name
  }

  path(name) {
    return join(this.output, name)
  }

  places() {
    return [
      ...this.#places,
      ['summaries', 'the job summary of each step'],
      ['logs', 'the whole log of each step'],
    ]
  }
}
