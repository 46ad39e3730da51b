import { listInput } from '@dsa/action-kit'
import { type ConnectionInputs, connectionInputs, RIGHTS_OF, type Verb } from '@dsa/connected-action'

export interface Inputs {
  readonly connection: ConnectionInputs
  /** What the workflow will do, to be told what it lacks. */
  readonly verbs: readonly Verb[]
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  return { connection: connectionInputs(), verbs: listInput('for', Object.keys(RIGHTS_OF).filter(isVerb)) }
}

function isVerb(name: string): name is Verb {
  return name in RIGHTS_OF
}
