import {
  componentInWords,
  holdsData,
  listWhatGoes,
  type LostComponent,
  lostInWords,
  refuseBuiltIn,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  findSolution,
  listPatches,
  listUninstallHindrances,
  noSuchSolution,
  type Solution,
  type UninstallHindrance,
} from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** A solution that is to go, and what goes with it. */
export interface Deletion {
  readonly solution: Solution
  readonly patches: readonly Solution[]
  /** Components that no other solution holds; none for an unmanaged solution, whose components stay. */
  readonly lost: readonly LostComponent[]
  /** Components of others that need some of them. */
  readonly hindrances: readonly UninstallHindrance[]
}

/** What the environment has of it now; undefined when there is none and none is needed. */
export async function lookAtDeletion(
  client: DataverseClient,
  { solutionName, ifMissing }: Inputs,
): Promise<Deletion | undefined> {
  const solution = await findSolution(client, solutionName)
  if (solution === undefined) {
    if (ifMissing === 'skip') return undefined
    throw await noSuchSolution(client, solutionName)
  }
  refuseBuiltIn(solution, 'it cannot be deleted')
  const patches = await listPatches(client, solution.id)
  if (!solution.isManaged) return { solution, patches, lost: [], hindrances: [] }
  return {
    solution,
    patches,
    lost: await listWhatGoes(client, [solution, ...patches]),
    hindrances: await listUninstallHindrances(client, solution),
  }
}

/**
 * Stops what the environment would refuse, and what would delete data without leave.
 * @throws UserError naming what stands in the way
 */
export function guardDeletion({ solution, lost, hindrances }: Deletion, { allowDataDeletion }: Inputs): void {
  const { uniqueName, version } = solution
  if (hindrances.length > 0) {
    throw new UserError(
      [
        `'${uniqueName}' ${version} was not deleted: components of others need it (0x8004f01d). Delete or change these first:`,
        ...hindrances.map(hindranceInWords),
      ].join('\n'),
    )
  }
  const tables = new Set(lost.flatMap(({ rows, name }) => (rows === undefined ? [] : [name.toLowerCase()])))
  // A table that goes takes its columns along.
  const data = lost.filter((one) => holdsData(one) && !tables.has(one.table.toLowerCase()))
  if (data.length === 0 || allowDataDeletion) return
  throw new UserError(
    `'${uniqueName}' ${version} was not deleted: ${data.map(lostInWords).join(', ')} would go with ${data.length === 1 ? 'its' : 'their'} data. If that is what you want, give 'allow-data-deletion: true'.`,
  )
}

/** `Form Information of 'Other' needs Table new_order` */
export function hindranceInWords(hindrance: UninstallHindrance): string {
  const { dependentType, dependent, dependentSolution, requiredType, required } = hindrance
  const of = dependentSolution === '' ? '' : ` of '${dependentSolution}'`
  return `${componentInWords({ type: dependentType, name: dependent, table: '' })}${of} needs ${componentInWords({ type: requiredType, name: required, table: '' })}`
}
