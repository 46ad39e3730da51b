// All that a flow plays on: a repository, the services, and act with what its jobs are given.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { signIns } from './environments.mjs'
import { tokens } from './pull-requests.mjs'
import { publishedActions } from './repository.mjs'
import { runAct } from './run-act.mjs'
import { runtimeToken } from './runtime-token.mjs'

/**
 * @typedef {object} Stage
 * @property {Record<string, any>} ready the line that the emulator prints
 * @property {import('./github-proxy.mjs').Exchange[]} exchanges what was said to GitHub so far
 * @property {string} work folder for files of the flows
 * @property {string} folder of the user's repository
 * @property {string} origin the bare repository that it is pushed to
 * @property {(name: string, environment: string, event: string[], values?: object) => Promise<import('./run-act.mjs').ActRun>} start
 *   runs a workflow with the variables and secrets of an environment; the artifacts of the run go by the name
 */

/** @returns {Stage} */
export function createStage({ act, ready, github, work, published, repository }) {
  return {
    ready,
    exchanges: github.exchanges,
    work,
    ...repository,
    start(name, environment, event, values = {}) {
      const { appId, secret } = signIns[environment]
      const {
        secrets = { DATAVERSE_CLIENT_SECRET: secret },
        variables = {},
        token = tokens.job,
        api = '',
      } = values
      return runAct(act, {
        cwd: repository.folder,
        event,
        cache: join(work, 'cache'),
        repositories: {
          [publishedActions]: published,
          [attestation()]: resolve('e2e/actions/attest'),
        },
        environment: {
          RUNNER_DEBUG: '1',
          GITHUB_API_URL: `${github.address}${api}`,
          ACTIONS_RESULTS_URL: ready.artifacts,
          ACTIONS_RUNTIME_TOKEN: runtimeToken(`run-${name}`),
        },
        secrets: { ...secrets, GITHUB_TOKEN: token },
        variables: {
          ...variables,
          DATAVERSE_URL: ready.environments[environment],
          DATAVERSE_TENANT_ID: ready.tenantId,
          DATAVERSE_APP_ID: appId,
          DATAVERSE_AUTHORITY: ready.authority,
        },
      })
    },
  }
}

/** As deploy.yml names it, with its commit. */
function attestation() {
  const [name] = /actions\/attest-build-provenance@\w+/.exec(
    readFileSync('.github/workflows/deploy.yml', 'utf8'),
  )
  return name
}
