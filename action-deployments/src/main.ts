import { runAction } from '@dsa/action-kit'
import action from '../action.yml'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

await runAction(action, (deps) => run(readInputs(), deps))
