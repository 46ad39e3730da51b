import { findSolutions, listPatches, retrieveCurrentOrganization } from '@dsa/dataverse-client'
import type { DataverseClient, EnvironmentKind, Organization, Solution } from '@dsa/dataverse-client'
import { compareVersions } from '@dsa/solution-package'
import type { Archive } from './archive.ts'
import type { Situation, VersionOrder } from '../decide/decision.ts'

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
}

/**
 * Looks at the environment: one request for what it is, one for the solutions of that name, and one for patches where
 * the decision depends on them.
 */
export const readTarget = async (
  client: DataverseClient,
  archive: Archive,
  kind: EnvironmentKind | undefined,
): Promise<Target> => {
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
  }
}

/** The installed solution where the archive is newer: its patches make an upgrade of an update. */
const upgradable = (archive: Archive, installed: Solution | undefined): Solution | undefined =>
  installed !== undefined && compareVersions(archive.version, installed.version) > 0 ? installed : undefined

/** The state that the decision is made from. */
export const situationOf = (
  archive: Archive,
  target: Target,
  wishes: Situation['wishes'],
  removals: Situation['removals'],
): Situation => {
  const order = (version: string): VersionOrder => {
    const compared = compareVersions(archive.version, version)
    return compared > 0 ? 'higher' : compared < 0 ? 'lower' : 'same'
  }
  const { installed, holding, patches } = target
  return {
    environment: target.kind,
    archive: {
      name: archive.name,
      version: archive.version,
      managed: archive.managed,
      publisher: archive.publisher,
      patch:
        archive.patchOf === undefined
          ? undefined
          : {
              hasBase: target.base !== undefined,
              isThere: patches.some(({ version }) => order(version) === 'same'),
              higherIsThere: patches.some(({ version }) => order(version) === 'lower'),
            },
    },
    installed: installed && {
      version: installed.version,
      managed: installed.isManaged,
      publisher: installed.publisherName,
      order: order(installed.version),
      patches: archive.patchOf === undefined ? patches.length : 0,
    },
    holding: holding && { version: holding.version, order: order(holding.version) },
    removals,
    wishes,
  }
}
