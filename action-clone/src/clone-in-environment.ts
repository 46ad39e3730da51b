import type { Outputs } from '@dsa/action-kit'
import { type ConnectedDeps, refuseBuiltIn, refuseLackingRights, RIGHTS_OF } from '@dsa/connected-action'
import { cloneSolution, type DataverseClient, listPatches, type Solution } from '@dsa/dataverse-client'
import { compareVersions, parseVersion } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** Makes a new version of an unmanaged solution with its patches rolled up, or a patch of it. */
export async function cloneInEnvironment(
  kind: 'solution' | 'patch',
  parent: Solution,
  inputs: Inputs,
  client: DataverseClient,
  { log, setOutput, summary }: ConnectedDeps,
): Promise<Outputs> {
  refuseParent(parent, client)
  const patches = await listPatches(client, parent.id)
  const highest = [parent, ...patches]
    .map(({ version }) => version)
    .toSorted(compareVersions)
    .at(-1)
  const version = inputs.version(kind === 'patch' ? (highest ?? parent.version) : parent.version, {})
  guardVersion(kind, version, parent, highest ?? parent.version)
  await refuseLackingRights(client, RIGHTS_OF.clone, 'a clone')
  setOutput('previous-version', parent.version)
  const rolledUp = patches.map(({ uniqueName, version: own }) => `patch ${uniqueName} ${own} is rolled up`)
  if (kind === 'solution') for (const line of rolledUp) log.info(line)
  const made = await cloneSolution(client, {
    kind,
    parent,
    displayName: inputs.displayName ?? parent.friendlyName,
    version,
  })
  log.info(`Done: ${client.environmentUrl} has ${made.uniqueName} ${made.version}.`)
  summary.outcome(
    'done',
    kind === 'patch'
      ? `Made the patch ${made.uniqueName} ${made.version} of ${parent.uniqueName} ${parent.version}`
      : `Made ${made.uniqueName} ${made.version} of ${parent.version}`,
    kind === 'solution' ? rolledUp : [],
  )
  return {
    'unique-name': made.uniqueName,
    'solution-id': made.id,
    'solution-version': made.version,
    changed: true,
  }
}

function refuseParent(parent: Solution, { environmentUrl }: DataverseClient): void {
  refuseBuiltIn(parent, 'it cannot be cloned')
  const { uniqueName, isManaged, parentSolutionId } = parent
  const why = isManaged
    ? `is managed in ${environmentUrl}; only an unmanaged solution can be cloned. Do it in the environment that it is developed in.`
    : parentSolutionId !== undefined
      ? 'is a patch. Give the solution that it is a patch of.'
      : undefined
  if (why !== undefined) throw new UserError(`'${uniqueName}' ${why}`)
}

/** The rules of the platform, which it tells only by a code. */
function guardVersion(kind: 'solution' | 'patch', version: string, parent: Solution, highest: string): void {
  const [major = 0, minor = 0] = parseVersion(version)
  const [parentMajor = 0, parentMinor = 0] = parseVersion(parent.version)
  const isSame = major === parentMajor && minor === parentMinor
  if (kind === 'patch' && (!isSame || compareVersions(version, highest) <= 0)) {
    throw new UserError(
      `A patch of '${parent.uniqueName}' ${parent.version} has the same first two numbers and is higher than ${highest}; ${version} is not. Leave 'version' out to raise the build.`,
    )
  }
  if (kind === 'solution' && (major < parentMajor || (major === parentMajor && minor <= parentMinor))) {
    throw new UserError(
      `A new version of '${parent.uniqueName}' ${parent.version} is higher in its first two numbers; ${version} is not. Leave 'version' out to raise the minor number.`,
    )
  }
}
