import type { EnvironmentKind } from '@dsa/dataverse-client'
import { compareVersions } from '@dsa/solution-package'
import type { Archive } from '../look/archive.ts'
import type { RemovalState } from '../look/removals.ts'
import type { Target } from '../look/target.ts'

/** How the archive's version stands to the one in the environment. */
export type VersionOrder = 'higher' | 'same' | 'lower'

export type Mode = 'auto' | 'install' | 'update' | 'upgrade' | 'stage'

/** All that the decision looks at; it asks nobody. */
export interface Situation {
  readonly environment: EnvironmentKind
  readonly archive: {
    readonly name: string
    readonly version: string
    readonly managed: boolean
    readonly publisher: string
    /** Set when the archive is a patch. */
    readonly patch:
      { readonly hasBase: boolean; readonly isThere: boolean; readonly higherIsThere: boolean } | undefined
  }
  /** What the environment has under that name; undefined when nothing. */
  readonly installed:
    | {
        readonly version: string
        readonly managed: boolean
        readonly publisher: string
        readonly order: VersionOrder
        readonly patches: number
      }
    | undefined
  /** A holding solution `<name>_Upgrade` that waits to be applied. */
  readonly holding: { readonly version: string; readonly order: VersionOrder } | undefined
  /** Whether the new version lacks components of the installed one. */
  readonly removals: RemovalState
  readonly wishes: {
    readonly mode: Mode
    readonly ifSameVersion: 'import' | 'skip' | 'fail'
    readonly ifLowerVersion: 'refuse' | 'skip' | 'update'
    /** The official input: same or higher in the environment means: do nothing. */
    readonly skipLowerVersion: boolean
    readonly allowUnmanagedInProduction: boolean
  }
}

/** The state that the decision is made from. */
export function situationOf(
  archive: Archive,
  target: Target,
  wishes: Situation['wishes'],
  removals: RemovalState,
): Situation {
  function order(version: string): VersionOrder {
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
