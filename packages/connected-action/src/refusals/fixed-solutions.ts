import { isBuiltInSolution, isSystemSolution, listPatches } from '@dsa/dataverse-client'
import type { DataverseClient, Solution } from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'

/**
 * Stops a change of what a solution says of itself or holds, where the environment would refuse it.
 * @param what `its version`
 * @throws UserError for a managed solution, one that every environment has, and one that has patches
 */
export async function refuseFixed(client: DataverseClient, solution: Solution, what: string): Promise<void> {
  const { uniqueName, isManaged, id } = solution
  if (isManaged) {
    throw new UserError(
      `'${uniqueName}' is managed in ${client.environmentUrl}, so ${what} cannot be changed (0x8004f024). Do it in the environment that it is developed in.`,
    )
  }
  if (isSystemSolution(solution)) throw builtIn(solution, `${what} cannot be changed`)
  const patches = await listPatches(client, id)
  if (patches.length === 0) return
  throw new UserError(
    `'${uniqueName}' has patches (${patches.map((patch) => patch.uniqueName).join(', ')}), and is not changed while it has (0x80048538). Change a patch, or roll them up with action-clone ('mode: solution').`,
  )
}

/** @throws UserError for a managed solution and those of the system, which no environment exports */
export function refuseExport(solution: Solution, { environmentUrl }: DataverseClient): void {
  if (solution.isManaged) {
    throw new UserError(
      `'${solution.uniqueName}' is managed in ${environmentUrl}, and a managed solution cannot be exported. Give the 'environment-url' of the environment that it is developed in.`,
    )
  }
  if (isSystemSolution(solution)) throw builtIn(solution, 'it cannot be exported (0x80048048)')
}

/** @throws UserError for a solution that every environment has; `why` says what cannot be done with it */
export function refuseBuiltIn(solution: Solution, why: string): void {
  if (isBuiltInSolution(solution)) throw builtIn(solution, why)
}

function builtIn({ uniqueName }: Solution, why: string): UserError {
  return new UserError(
    `'${uniqueName}' is a part of every environment, and ${why}. Give the name of a solution that somebody made.`,
  )
}
