import { runAction } from '@dsa/action-kit'
import action from '../action.yml'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

let errorPage: ((message: string) => string | undefined) | undefined

await runAction(
  action,
  async (deps) => {
    const inputs = readInputs()
    // What an environment refuses has pages in the documentation, which nobody else needs.
    if (inputs.environment !== undefined) ({ errorPage } = await import('@dsa/dataverse-client'))
    return run(inputs, deps)
  },
  { pageFor: (message) => errorPage?.(message) },
)
