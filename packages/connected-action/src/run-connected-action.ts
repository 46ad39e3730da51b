import { runAction } from '@dsa/action-kit'
import type { ActionDeps, ActionMetadata, Outputs } from '@dsa/action-kit'
import { errorPage, withHttp } from '@dsa/dataverse-client'
import type { Fetch } from '@dsa/dataverse-client'

/** What the work of an action with an environment may use of the world around it. */
export type ConnectedDeps = ActionDeps & {
  readonly fetch: Fetch
  readonly userAgent?: string
  /** Injected by tests. */
  readonly timeoutSignal?: (ms: number) => AbortSignal
}

/** @param action its folder, such as `action-export`, by which the service knows it */
export function userAgentOf({ version }: Pick<ActionMetadata, 'version'>, action: string): string {
  return `dataverse-solution-actions/${version} ${action}`
}

/**
 * The life of an action with an environment: that of every action, with HTTP whose connections end with it, and pages
 * of the documentation on what an environment refuses.
 *
 * @param metadata the action's own `action.yml`
 * @param action its folder, such as `action-export`, by which the service knows it
 * @param readInputs reads and checks every input before the first request
 */
export async function runConnectedAction<Inputs>(
  metadata: ActionMetadata,
  action: string,
  readInputs: () => Inputs,
  run: (inputs: Inputs, deps: ConnectedDeps) => Promise<Outputs>,
): Promise<void> {
  const userAgent = userAgentOf(metadata, action)
  await runAction(
    metadata,
    async (deps) => {
      const inputs = readInputs()
      return withHttp((fetch) => run(inputs, { ...deps, fetch, userAgent }), { env: deps.environment })
    },
    { pageFor: errorPage },
  )
}
