import { countRows, ifTold, listHolders, listSolutionContent, listSolutions } from '@dsa/dataverse-client'
import type { DataverseClient, Solution, SolutionContentRow } from '@dsa/dataverse-client'
import { COMPONENTS } from '@dsa/solution-package'

/** A component that goes with a solution. */
export interface LostComponent extends SolutionContentRow {
  /** Rows of a table that goes, where the environment tells; its count can be a day old. */
  readonly rows?: number
}

/** Tables and columns hold data, which goes with them. */
export function holdsData({ type }: Pick<SolutionContentRow, 'type'>): boolean {
  return type === COMPONENTS.table.type || type === COMPONENTS.column.type
}

/**
 * What goes when managed solutions go: their components that no other managed solution holds. Tables first, with their
 * rows, then columns.
 * @param leaving a solution with its patches
 */
export async function listWhatGoes(
  client: DataverseClient,
  leaving: readonly Solution[],
): Promise<readonly LostComponent[]> {
  const own = new Map<string, SolutionContentRow>()
  for (const { id } of leaving) {
    for (const row of await listSolutionContent(client, id)) own.set(`${row.type} ${row.objectId}`, row)
  }
  const held = await heldElsewhere(
    client,
    leaving,
    [...own.values()].map(({ objectId }) => objectId),
  )
  const lost: LostComponent[] = []
  for (const row of [...own.values()].filter(({ objectId }) => !held.has(objectId)).toSorted(byKind)) {
    const rows = row.type === COMPONENTS.table.type ? await rowsOf(client, row.name) : undefined
    lost.push(rows === undefined ? row : { ...row, rows })
  }
  return lost
}

/** Those of some components that a managed solution holds which stays. */
async function heldElsewhere(
  client: DataverseClient,
  leaving: readonly Solution[],
  objectIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const staying = new Set(
    (await listSolutions(client))
      .filter(({ id, isManaged }) => isManaged && leaving.every((one) => one.id !== id))
      .map(({ id }) => id),
  )
  if (staying.size === 0) return new Set()
  const holders = await listHolders(client, objectIds)
  return new Set(holders.filter(({ solutionId }) => staying.has(solutionId)).map(({ objectId }) => objectId))
}

function byKind(a: SolutionContentRow, b: SolutionContentRow): number {
  return rank(a) - rank(b) || a.type - b.type || a.name.localeCompare(b.name)
}

function rank({ type }: SolutionContentRow): number {
  return type === COMPONENTS.table.type ? 0 : type === COMPONENTS.column.type ? 1 : 2
}

/** How many rows a table has, where the environment tells. */
export function rowsOf(client: DataverseClient, table: string): Promise<number | undefined> {
  return ifTold(
    client,
    () => countRows(client, table.toLowerCase()),
    (why) => client.log.debug(`Not counted: the rows of ${table} (${why})`),
  )
}
