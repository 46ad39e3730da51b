import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { literal, query } from '../pipeline/query.ts'
import { similarNames } from './similar-names.ts'
import { asRow, isRow, optionalNumber, optionalText, truth } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** A row of `solutions`. Its id is different in every environment; the unique name is what identifies it. */
export interface Solution {
  readonly id: string
  readonly uniqueName: string
  readonly friendlyName: string
  readonly version: string
  readonly isManaged: boolean
  /** Grows with every change of the row; tells whether somebody edited meanwhile. */
  readonly versionNumber: number
  /** Set only on a patch. */
  readonly parentSolutionId: string | undefined
  readonly installedOn: string
  readonly publisherName: string
}

const COLUMNS = [
  'solutionid',
  'uniquename',
  'friendlyname',
  'version',
  'ismanaged',
  'versionnumber',
  '_parentsolutionid_value',
  'installedon',
]
const EXPAND = 'publisherid($select=uniquename)'

function parseSolution(row: Row): Solution {
  return {
    id: optionalText(row, 'solutionid') ?? '',
    uniqueName: optionalText(row, 'uniquename') ?? '',
    friendlyName: optionalText(row, 'friendlyname') ?? '',
    version: optionalText(row, 'version') ?? '',
    isManaged: truth(row, 'ismanaged'),
    versionNumber: optionalNumber(row, 'versionnumber') ?? 0,
    parentSolutionId: optionalText(row, '_parentsolutionid_value'),
    installedOn: optionalText(row, 'installedon') ?? '',
    publisherName: (isRow(row['publisherid']) && optionalText(row['publisherid'], 'uniquename')) || '',
  }
}

/** The solutions of these unique names that are there, in one request. */
export async function findSolutions(
  client: DataverseClient,
  uniqueNames: readonly string[],
): Promise<readonly Solution[]> {
  const filter = uniqueNames.map((name) => `uniquename eq ${literal(name)}`).join(' or ')
  const found = await client.list(query('solutions', { select: COLUMNS, filter, expand: EXPAND }))
  return found.map(parseSolution)
}

/** The name that the platform gives to an upgrade that is staged beside a solution. */
export function holdingName(uniqueName: string): string {
  return `${uniqueName}_Upgrade`
}

/** The one of that unique name. Names compare without regard to case, as the service does. */
export function solutionNamed(solutions: readonly Solution[], uniqueName: string): Solution | undefined {
  return solutions.find((row) => row.uniqueName.toLowerCase() === uniqueName.toLowerCase())
}

/** The solution of a name as it is now, and an upgrade that is staged beside it. */
export async function findWithUpgrade(
  client: DataverseClient,
  uniqueName: string,
): Promise<{ readonly installed: Solution | undefined; readonly holding: Solution | undefined }> {
  const found = await findSolutions(client, [uniqueName, holdingName(uniqueName)])
  return {
    installed: solutionNamed(found, uniqueName),
    holding: solutionNamed(found, holdingName(uniqueName)),
  }
}

/** The layers and the whole of an environment, which the service shows as solutions: nobody fills, names or exports them. */
export function isSystemSolution({ uniqueName }: Pick<Solution, 'uniqueName'>): boolean {
  return /^(Default|Active|System|Basic)$/.test(uniqueName)
}

/** Those that every environment has, with the one that makers' work goes to unless they choose another (`Cr1a2b3`). */
export function isBuiltInSolution(solution: Pick<Solution, 'uniqueName'>): boolean {
  return isSystemSolution(solution) || /^Cr[0-9a-f]{5}$/.test(solution.uniqueName)
}

/** The solution of that unique name, or `undefined`. */
export async function findSolution(
  client: DataverseClient,
  uniqueName: string,
): Promise<Solution | undefined> {
  return solutionNamed(await findSolutions(client, [uniqueName]), uniqueName)
}

/** The solution of an id of this environment. */
export async function solutionOfId(client: DataverseClient, id: string): Promise<Solution> {
  const row = await client.get(query(`solutions(${id})`, { select: COLUMNS, expand: EXPAND }))
  return parseSolution(asRow(row, 'solution'))
}

/** Every visible solution, by name. */
export async function listSolutions(client: DataverseClient): Promise<readonly Solution[]> {
  const found = await client.list(
    query('solutions', {
      select: COLUMNS,
      filter: 'isvisible eq true',
      orderBy: 'uniquename',
      expand: EXPAND,
    }),
  )
  return found.map(parseSolution)
}

/** The patches of an installed solution. */
export async function listPatches(client: DataverseClient, solutionId: string): Promise<readonly Solution[]> {
  const found = await client.list(
    query('solutions', {
      select: COLUMNS,
      filter: `_parentsolutionid_value eq ${solutionId}`,
      expand: EXPAND,
    }),
  )
  return found.map(parseSolution)
}

/**
 * The solution of that unique name.
 * @throws UserError naming the similar ones that are there
 */
export async function requireSolution(client: DataverseClient, uniqueName: string): Promise<Solution> {
  const found = await findSolution(client, uniqueName)
  if (found !== undefined) return found
  throw await noSuchSolution(client, uniqueName)
}

/** The error that says so, and names the similar ones that are there. */
export async function noSuchSolution(client: DataverseClient, uniqueName: string): Promise<UserError> {
  const all = await listSolutions(client)
  const byDisplayName = all.find(
    ({ friendlyName }) => friendlyName.toLowerCase() === uniqueName.toLowerCase(),
  )?.uniqueName
  const similar =
    byDisplayName === undefined
      ? similarNames(
          uniqueName,
          all.map((row) => row.uniqueName),
        )
      : [byDisplayName]
  const hint =
    similar.length === 0
      ? 'No solution there has a similar name.'
      : `Similar ones that are there: ${similar.map((name) => `'${name}'`).join(', ')}.`
  return new UserError(
    `There is no solution '${uniqueName}' in ${client.environmentUrl}. ${hint} ` +
      "The unique name is needed (letters, digits and '_'), not the display name.",
  )
}

/** Sets the version of an unmanaged solution. Sending it twice does no harm, so it is repeated when an answer is lost. */
export async function setSolutionVersion(
  client: DataverseClient,
  { id }: Solution,
  version: string,
): Promise<void> {
  await client.patch(`solutions(${id})`, { version })
}
