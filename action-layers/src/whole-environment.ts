import { componentInWords } from '@dsa/connected-action'
import {
  type DataverseClient,
  isBuiltInSolution,
  listMembers,
  listNeeded,
  listSolutionContent,
  listSolutions,
  type Member,
  type Solution,
  type SolutionContentRow,
} from '@dsa/dataverse-client'
import { COMPONENTS, NUMBERED_TYPES } from '@dsa/solution-package'
import { errorText, UserError } from '@dsa/user-error'
import type { Content } from './found-layer.ts'
import { inSteps } from './in-steps.ts'

/** A component that somebody made and put into no solution. */
export interface LooseComponent {
  readonly row: SolutionContentRow
  /** How many components of its table belong to it, which are not told by themselves. */
  readonly parts: number
  /** Unique names of the unmanaged solutions that need it. */
  readonly neededBy: readonly string[]
}

/** An unmanaged solution, at its place in the order to migrate it. */
export interface UnmanagedSolution {
  /** From 1. Solutions that need each other have the same. */
  readonly step: number
  readonly solution: Solution
  /** Unique name of the solution that it patches. */
  readonly patchOf: string | undefined
  readonly components: readonly SolutionContentRow[]
  /** What of other unmanaged solutions it needs: they come before it. */
  readonly needs: readonly { readonly solution: string; readonly components: readonly string[] }[]
}

/** What is unmanaged in an environment, besides layers. */
export interface WholeEnvironment {
  /** All that can have an unmanaged layer over it. */
  readonly managed: readonly Content[]
  /** In the order to migrate them: what others need comes first. */
  readonly unmanaged: readonly UnmanagedSolution[]
  /** What solutions need comes first. */
  readonly loose: readonly LooseComponent[]
  /** All solutions that somebody made or installed, by unique name. */
  readonly solutions: Readonly<Record<string, { readonly version: string; readonly managed: boolean }>>
}

interface Held extends Content {
  readonly of: Solution
  readonly members: readonly Member[]
}

/** Looks at all of an environment. Nothing is written there. */
export async function wholeEnvironment(client: DataverseClient): Promise<WholeEnvironment> {
  const all = await listSolutions(client)
  const made = all.filter((solution) => !isBuiltInSolution(solution))
  const managed: Content[] = []
  const held: Held[] = []
  for (const solution of made) {
    const content = { solution: solution.uniqueName, rows: await listSolutionContent(client, solution.id) }
    if (solution.isManaged) managed.push(content)
    else held.push({ ...content, of: solution, members: await listMembers(client, solution.id) })
  }
  const everything = await contentOfDefault(client, all)
  const own = new Set(held.flatMap(({ rows }) => rows.map(({ objectId }) => objectId)))
  // What an unmanaged solution holds of the platform goes with it.
  const ofPlatform = everything.filter(({ objectId, isManaged }) => isManaged && !own.has(objectId))
  const needs = new Map<Held, readonly Need[]>()
  for (const one of held) needs.set(one, await needsOf(one, client))
  return {
    managed: [...managed, { solution: '', rows: ofPlatform }],
    unmanaged: ordered(held, needs, made),
    loose: looseOf(everything, held, needs),
    solutions: Object.fromEntries(
      made.map(({ uniqueName, version, isManaged }) => [uniqueName, { version, managed: isManaged }]),
    ),
  }
}

/** The default solution holds whatever an environment has. */
async function contentOfDefault(
  client: DataverseClient,
  solutions: readonly Solution[],
): Promise<readonly SolutionContentRow[]> {
  const id = solutions.find(({ uniqueName }) => uniqueName === 'Default')?.id
  return id === undefined ? [] : listSolutionContent(client, id)
}

interface Need {
  /** Id of the component that is needed. */
  readonly objectId: string
}

/** An environment that cannot tell it makes the order worse, and the report no less true. */
async function needsOf({ of }: Held, client: DataverseClient): Promise<readonly Need[]> {
  try {
    return await listNeeded(client, of.uniqueName)
  } catch (error) {
    if (client.signal.aborted || !(error instanceof UserError)) throw error
    client.log.warning(
      `What '${of.uniqueName}' needs is not known, so its place in the order may be wrong. ${errorText(error)}`,
    )
    return []
  }
}

function ordered(
  held: readonly Held[],
  needs: ReadonlyMap<Held, readonly Need[]>,
  made: readonly Solution[],
): readonly UnmanagedSolution[] {
  const found = held.map((one): Omit<UnmanagedSolution, 'step'> => {
    const patchOf = made.find(({ id }) => id === one.of.parentSolutionId)?.uniqueName
    return {
      solution: one.of,
      patchOf,
      components: one.rows,
      needs: held
        .filter((other) => other !== one)
        .map((other) => ({ solution: other.solution, components: suppliedBy(other, needs.get(one) ?? []) }))
        .filter(({ solution, components }) => components.length > 0 || solution === patchOf),
    }
  })
  return inSteps(
    found,
    ({ solution }) => solution.uniqueName,
    (one) => one.needs.map(({ solution }) => solution),
  ).flatMap((together, at) => together.map((one) => ({ ...one, step: at + 1 })))
}

/** The needed components that a solution holds, in words. */
function suppliedBy({ rows }: Held, needs: readonly Need[]): readonly string[] {
  const wanted = new Set(needs.map(({ objectId }) => objectId))
  return rows.filter(({ objectId }) => wanted.has(objectId)).map(componentInWords)
}

const TABLE: number = COMPONENTS.table.type
/** A value belongs to its environment, whoever made the variable. */
const VARIABLE_VALUE: number = NUMBERED_TYPES.environmentVariableValue.type

/** What no unmanaged solution holds. The parts of a table go with it, where it is loose or held with all that it has. */
function looseOf(
  everything: readonly SolutionContentRow[],
  held: readonly Held[],
  needs: ReadonlyMap<Held, readonly Need[]>,
): readonly LooseComponent[] {
  const own = new Set(held.flatMap(({ rows }) => rows.map(({ objectId }) => objectId)))
  const free = everything.filter(
    ({ isManaged, objectId, type }) => !isManaged && !own.has(objectId) && type !== VARIABLE_VALUE,
  )
  const whole = new Set(held.flatMap(wholeTables))
  const tables = new Set(free.filter(({ type }) => type === TABLE).map(({ name }) => name.toLowerCase()))
  return free
    .filter(
      (row) => !isPart(row) || !(tables.has(row.table.toLowerCase()) || whole.has(row.table.toLowerCase())),
    )
    .map((row) => ({
      row,
      parts:
        row.type === TABLE
          ? free.filter((other) => isPart(other) && other.table.toLowerCase() === row.name.toLowerCase())
              .length
          : 0,
      neededBy: held
        .filter((one) => needs.get(one)?.some(({ objectId }) => objectId === row.objectId) === true)
        .map(({ solution }) => solution),
    }))
    .toSorted((a, b) => b.neededBy.length - a.neededBy.length || byKind(a.row, b.row))
}

function isPart({ type, table }: SolutionContentRow): boolean {
  return type !== TABLE && table !== ''
}

/** Names of the tables that a solution holds with all that belongs to them. */
function wholeTables({ rows, members }: Held): readonly string[] {
  const whole = new Set(members.filter((one) => one.withSubcomponents).map(({ objectId }) => objectId))
  return rows
    .filter(({ type, objectId }) => type === TABLE && whole.has(objectId))
    .map(({ name }) => name.toLowerCase())
}

/** Tables first, since most others need them. */
function rank({ type }: SolutionContentRow): number {
  return type === TABLE ? 0 : 1
}

function byKind(a: SolutionContentRow, b: SolutionContentRow): number {
  return rank(a) - rank(b) || a.type - b.type || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}
