import type { ActionDeps } from '@dsa/action-kit'
import type { Inputs } from '../inputs.ts'
import { namedPairs, type Pairs } from './pairs.ts'

/** Finds what is to be compared: what the workflow names, or what an environment has with what it names. */
export async function findPairs(inputs: Inputs, deps: ActionDeps): Promise<Pairs> {
  if (inputs.environment === undefined) return namedPairs(inputs, deps)
  // All that reaches an environment: a comparison without one starts without it.
  const { installedPairs } = await import('./installed-pairs.ts')
  return installedPairs(inputs.environment, inputs, deps)
}
