import {
  findSolutions,
  listPatches,
  listSolutionContent,
  retrieveCurrentOrganization,
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

/** What the environment has that bears on the import. */
export interface Target {
  readonly organization: Organization
  readonly kind: EnvironmentKind
  readonly installed: Solution | undefined
  /** The solution `<name>_Upgrade` of a staged upgrade. */
  readonly holding: Solution | undefined
  /** Patches of the installed solution, if the archive is newer, or of the base when the archive is a patch. */
  readonly patches: readonly Solution[]
  readonly base: Solution | undefined
  /** The components of the installed solution, none when it is not there. The environment is asked once, at the first call. */
  readonly content: () => Promise<readonly SolutionContentRow[]>
}

/**
 * Looks at the environment: one request for what it is, one for the solutions of that name, and one for patches where
 * the decision depends on them.
 */
export async function readTarget(
  client: DataverseClient,
  archive: Archive,
  kind: EnvironmentKind | undefined,
): Promise<Target> {
  const organization = await retrieveCurrentOrganization(client)
  const names = [
    archive.name,
    `${archive.name}_Upgrade`,
    ...(archive.patchOf === undefined ? [] : [archive.patchOf]),
  ]
  const found = await findSolutions(client, names)
  const named = (name: string): Solution | undefined =>
    found.find(({ uniqueName }) => uniqueName.toLowerCase() === name.toLowerCase())
  const installed = named(archive.name)
  const base = archive.patchOf === undefined ? undefined : named(archive.patchOf)
  const patched = archive.patchOf === undefined ? upgradable(archive, installed) : base
  return {
    organization,
    kind: kind ?? organization.kind,
    installed,
    holding: named(`${archive.name}_Upgrade`),
    patches: patched?.isManaged === true ? await listPatches(client, patched.id) : [],
    base,
    content: contentOf(client, installed),
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
