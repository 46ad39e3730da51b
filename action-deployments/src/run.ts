import type { ActionDeps, Cell, Outputs } from '@dsa/action-kit'
import { counted } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'
import { type Deployment, deploymentsTo } from './records.ts'

/** Endings after which the environment is as it was asked for. */
const GOOD: readonly string[] = ['succeeded', 'skipped', 'checked']

/** A job that was cancelled keeps none, and its import may still run. */
const NO_RECORD = 'no record: not begun, or its job was broken off'

interface Place {
  readonly environment: string
  readonly deployments: readonly Deployment[]
}

/** Reads the records of the run, and makes one table of them. It never fails because a deployment did. */
export async function run({ environments, recordPrefix }: Inputs, deps: ActionDeps): Promise<Outputs> {
  const names = await deps.artifacts.names()
  const places: Place[] = []
  for (const environment of environments)
    places.push({
      environment,
      deployments: await deploymentsTo(environment, recordPrefix, environments, names, deps),
    })
  const failed = places.filter(({ deployments }) => deployments.some((one) => !isGood(one)))
  const notBegun = places.filter(({ deployments }) => deployments.length === 0)
  const deployed = places.length - failed.length - notBegun.length
  tell(places, { deployed, failed: failed.length, notBegun: notBegun.length }, deps)
  return {
    deployed,
    failed: failed.length,
    'not-begun': notBegun.length,
    deployments: JSON.stringify(
      places.flatMap(({ deployments }) =>
        deployments.map(({ environment, solution, before, version, ending, decision, url }) => ({
          environment,
          solution,
          before,
          version,
          ending,
          decision,
          url,
        })),
      ),
    ),
  }
}

function isGood({ ending }: Deployment): boolean {
  return GOOD.includes(ending)
}

function tell(
  places: readonly Place[],
  count: { readonly deployed: number; readonly failed: number; readonly notBegun: number },
  { log, summary }: ActionDeps,
): void {
  summary.outcome(
    count.failed > 0 ? 'failed' : count.deployed > 0 ? 'done' : 'nothing to do',
    `Deployed to ${counted(count.deployed, 'environment')} of ${places.length}`,
    [
      ...(count.failed > 0 ? [`${counted(count.failed, 'environment')} failed`] : []),
      ...(count.notBegun > 0 ? [`${counted(count.notBegun, 'environment')} without a record`] : []),
    ],
  )
  summary.table(
    ['Environment', 'Solution', 'Before', 'Now', 'What was done', 'How it ended'],
    places.flatMap(({ environment, deployments }): readonly (readonly Cell[])[] =>
      deployments.length === 0
        ? [[environment, '', '', '', '', NO_RECORD]]
        : deployments.map((one) => [
            environment,
            one.solution,
            one.before,
            // Of a failed import the old version is still there.
            isGood(one) ? one.version : '',
            one.decision,
            one.error === '' ? one.ending : `${one.ending}: ${one.error.split('\n')[0]}`,
          ]),
    ),
  )
  for (const { environment, deployments } of places) {
    const endings = deployments.map((one) => `${one.solution} ${one.version} ${one.ending}`.trim())
    log.info(`${environment}: ${endings.length === 0 ? NO_RECORD : endings.join(', ')}`)
  }
}
