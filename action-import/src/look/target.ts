import {
  findSolutions,
  holdingName,
  listPatches,
  listSolutionContent,
  retrieveCurrentOrganization,
  solutionNamed,
} from '@dsa/dataverse-client'
import type {
  DataverseClient,
  EnvironmentKind,
  Organization,
  Solution,
  SolutionContentRow,
} from '@dsa/dataverse-client'
import { compareVersions } from '@dsa/solution-package'
import type { Archive } from './archive.ts'

/** The solutions of the environment that the decision depends on. */
interface Solutions {
  readonly installed: Solution | undefined
  /** The solution `<name>_Upgrade` of a staged upgrade. */
  readonly holding: Solution | undefined
  /** Patches of the installed solution, if the archive is newer, or of the base when the archive is a patch. */
  readonly patches: readonly Solution[]
  readonly base: Solution | undefined
}

/** What the environment is. */
export interface Environment {
  readonly organization: Organization
  /** Its own, or what 'environment-kind' says. */
  readonly kind: EnvironmentKind
}

/** The environment, and what it has that bears on the import. */
export interface Target extends Environment, Solutions {
  /** The components of the installed solution, none when it is not there. The environment is asked once, at the first call. */
  readonly content: () => Promise<readonly SolutionContentRow[]>
}

/** @param kind what the environment counts as, whatever it says itself */
export async function readEnvironment(
  client: DataverseClient,
  kind: EnvironmentKind | undefined,
): Promise<Environment> {
  const organization = await retrieveCurrentOrganization(client)
  return { organization, kind: kind ?? organization.kind }
}

/** Looks at what the environment has. */
export async function readTarget(
  client: DataverseClient,
  archive: Archive,
  environment: Environment,
): Promise<Target> {
  const solutions = await readSolutions(client, archive)
  return {
    ...environment,
    ...solutions,
    content: contentOf(client, solutions.installed),
  }
}

/** Whether the solutions that a decision was made from are still the same. */
export async function isUnchanged(
  client: DataverseClient,
  archive: Archive,
  target: Target,
): Promise<boolean> {
  return fingerprint(await readSolutions(client, archive)) === fingerprint(target)
}

/** Whether a solution of the environment has the archive's version. */
export function hasVersionOf({ version }: Archive, there: Solution | undefined): boolean {
  return there !== undefined && compareVersions(version, there.version) === 0
}

function fingerprint({ installed, holding, patches, base }: Solutions): string {
  return [installed, holding, base, ...patches.toSorted((a, b) => (a.id < b.id ? -1 : 1))]
    .map((one) => (one === undefined ? '' : `${one.id} ${one.version} ${one.isManaged}`))
    .join('\n')
}

/** One request for the solutions of the names, and one for patches where the decision depends on them. */
async function readSolutions(client: DataverseClient, archive: Archive): Promise<Solutions> {
  const names = [
    archive.name,
    holdingName(archive.name),
    ...(archive.patchOf === undefined ? [] : [archive.patchOf]),
  ]
  const found = await findSolutions(client, names)
  const installed = solutionNamed(found, archive.name)
  const base = archive.patchOf === undefined ? undefined : solutionNamed(found, archive.patchOf)
  const patched = archive.patchOf === undefined ? upgradable(archive, installed) : base
  return {
    installed,
    holding: solutionNamed(found, holdingName(archive.name)),
    patches: patched?.isManaged === true ? await listPatches(client, patched.id) : [],
    base,
  }
}

function contentOf(client: DataverseClient, installed: Solution | undefined): Target['content'] {
  let asked: Promise<readonly SolutionContentRow[]> | undefined
  return () => {
    asked ??= installed === undefined ? Promise.resolve([]) : listSolutionContent(client, installed.id)
    return asked
  }
}

/** The installed solution where the archive is newer: its patches make an upgrade of an update. */
function upgradable(archive: Archive, installed: Solution | undefined): Solution | undefined {
  return installed !== undefined && compareVersions(archive.version, installed.version) > 0
    ? installed
    : undefined
}
