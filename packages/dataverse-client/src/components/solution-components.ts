import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { literal, query } from '../pipeline/query.ts'
import { asRow, isRow, optionalNumber, optionalText, rows } from '../pipeline/wire.ts'
import type { Solution } from '../solutions/solutions.ts'
import { listAny } from './list-any.ts'

/** That a solution holds a component. */
export interface Holding {
  readonly objectId: string
  readonly solutionId: string
}

/** Which solutions hold some components, whoever made them. */
export async function listHolders(
  client: DataverseClient,
  objectIds: readonly string[],
): Promise<readonly Holding[]> {
  const found = await listAny(client, 'solutioncomponents', {
    select: ['objectid', '_solutionid_value'],
    column: 'objectid',
    values: objectIds,
  })
  return found.map((row) => ({
    objectId: optionalText(row, 'objectid') ?? '',
    solutionId: optionalText(row, '_solutionid_value') ?? '',
  }))
}

/** A component of a solution, as the solution holds it. */
export interface Member {
  readonly objectId: string
  /** As documented for `componenttype`. */
  readonly type: number
  /** False where the solution holds it without what belongs to it. */
  readonly withSubcomponents: boolean
}

/** What a solution holds. */
export async function listMembers(client: DataverseClient, solutionId: string): Promise<readonly Member[]> {
  const found = await client.list(
    query('solutioncomponents', {
      select: ['objectid', 'componenttype', 'rootcomponentbehavior'],
      filter: `_solutionid_value eq ${solutionId}`,
    }),
  )
  return found.map((row) => ({
    objectId: optionalText(row, 'objectid') ?? '',
    type: optionalNumber(row, 'componenttype') ?? 0,
    withSubcomponents: (optionalNumber(row, 'rootcomponentbehavior') ?? 0) === 0,
  }))
}

/** Adds a component to an unmanaged solution. What is there already stays, so a lost answer is no reason to stop. */
export async function addMember(
  client: DataverseClient,
  uniqueName: string,
  { objectId, type, withSubcomponents }: Member,
  withRequired: boolean,
): Promise<void> {
  await client.post(
    'AddSolutionComponent',
    {
      ComponentId: objectId,
      ComponentType: type,
      SolutionUniqueName: uniqueName,
      AddRequiredComponents: withRequired,
      ...(!withSubcomponents && { DoNotIncludeSubcomponents: true }),
    },
    { repeatable: true },
  )
}

/** Takes a component out of an unmanaged solution; the component itself stays. */
export async function removeMember(
  client: DataverseClient,
  { id, uniqueName }: Solution,
  { objectId, type }: Pick<Member, 'objectId' | 'type'>,
): Promise<void> {
  try {
    await client.post(
      'RemoveSolutionComponent',
      {
        SolutionComponent: {
          '@odata.type': 'Microsoft.Dynamics.CRM.solutioncomponent',
          solutioncomponentid: objectId,
        },
        ComponentType: type,
        SolutionUniqueName: uniqueName,
      },
      { repeatable: true },
    )
  } catch (error) {
    // A request that was repeated after a lost answer is refused, since the first one did it.
    if (!(error instanceof DataverseError)) throw error
    const left = await listMembers(client, id)
    if (left.some((member) => member.objectId === objectId && member.type === type)) throw error
  }
}

/** What a component needs. */
export interface RequiredComponent {
  readonly objectId: string
  readonly type: number
  /** '' where the environment does not tell. */
  readonly name: string
}

/** What a component of a solution needs, and the solution lacks. */
export interface NeededComponent {
  readonly objectId: string
  /** The one that needs it. */
  readonly dependentId: string
}

/** What the components of a solution need that are not in it, whoever made it. */
export async function listNeeded(
  client: DataverseClient,
  uniqueName: string,
): Promise<readonly NeededComponent[]> {
  const name = 'RetrieveMissingDependencies'
  const answer = asRow(await client.get(`${name}(SolutionUniqueName=${literal(uniqueName)})`), name)
  return rows(answer['value']).map((row) => ({
    objectId: optionalText(row, 'requiredcomponentobjectid') ?? '',
    dependentId: optionalText(row, 'dependentcomponentobjectid') ?? '',
  }))
}

/** The components that one needs, with their names where the environment tells them. */
export async function listRequired(
  client: DataverseClient,
  { objectId, type }: Pick<Member, 'objectId' | 'type'>,
): Promise<readonly RequiredComponent[]> {
  const name = 'RetrieveRequiredComponentsWithMetadata'
  const answer = asRow(await client.get(`${name}(ObjectId=${objectId},ComponentType=${type})`), name)
  const collection = answer['DependencyMetadataCollection']
  const found = isRow(collection) ? rows(collection['DependencyMetadataInfoCollection']) : []
  return found.map((row) => ({
    objectId: optionalText(row, 'requiredcomponentobjectid') ?? '',
    type: optionalNumber(row, 'requiredcomponenttype') ?? 0,
    name: optionalText(row, 'requiredcomponentname') ?? '',
  }))
}
