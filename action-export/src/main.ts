import { runAction } from '@dsa/action-kit'
import { errorPage, withHttp } from '@dsa/dataverse-client'
import metadata from '../action.yml'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

await runAction(
  metadata,
  async (deps) => {
    const inputs = readInputs()
    const userAgent = `dataverse-solution-actions/${metadata.version} action-export`
    return withHttp((fetch) => run(inputs, { ...deps, fetch, userAgent }))
  },
  { pageFor: errorPage },
)
