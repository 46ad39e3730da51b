import { runConnectedAction } from '@dsa/connected-action'
import metadata from '../action.yml'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

await runConnectedAction(metadata, 'action-backup', readInputs, run)
