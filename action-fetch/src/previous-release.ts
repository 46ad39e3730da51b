import { type ActionDeps, allReleases, type Release } from '@dsa/action-kit'
import { compareVersions, VersionError, versionFromTag } from '@dsa/solution-package'
import { type Archive, archivesIn } from './archives.ts'
import type { Inputs } from './inputs.ts'
import { buildOf, findRelease } from './release-build.ts'
import { openReleases, type ReleaseSource } from './repository.ts'

export interface PreviousRelease {
  readonly tag: string
  /** Of the same solutions as the build has; at least one. */
  readonly archives: readonly Archive[]
}

/** Releases that are looked into; one repository may release several solutions. */
const MOST_LOOKED_INTO = 5

/** A version as an environment tells it, for which a tag is looked for. */
const parts = /^\d+(?:\.\d+){3}$/

/**
 * The release that a deployment most likely replaces: the highest version below the build's.
 *
 * @param wanted a tag, the version that is installed, or auto
 * @param own tag of the release that is the build: its archives may have a higher version than its tag says
 * @returns undefined when there is none, as before the first release
 */
export async function findPrevious(
  wanted: string,
  archives: readonly Archive[],
  own: string | undefined,
  inputs: Inputs,
  deps: ActionDeps,
): Promise<PreviousRelease | undefined> {
  const source = await openReleases(inputs, deps)
  if (parts.test(wanted)) {
    const [release] = (await published(source)).filter(
      ({ tag }) => compareVersions(versionOf(tag) ?? '0.0', wanted) === 0,
    )
    return release === undefined ? undefined : sameSolutions(release, archives, source)
  }
  if (wanted.toLowerCase() !== 'auto') {
    return sameSolutions(await findRelease(wanted, source), archives, source)
  }
  const version =
    archives
      .map((one) => one.version)
      .toSorted(compareVersions)
      .at(-1) ?? '0.0'
  const older = (await published(source))
    .filter(({ prerelease, tag }) => !prerelease && tag !== own)
    .flatMap((release) => {
      const its = versionOf(release.tag)
      return its !== undefined && compareVersions(its, version) < 0 ? [{ release, version: its }] : []
    })
    .toSorted((a, b) => compareVersions(b.version, a.version))
  for (const { release } of older.slice(0, MOST_LOOKED_INTO)) {
    const found = await sameSolutions(release, archives, source)
    if (found !== undefined) return found
  }
  return undefined
}

async function published({ github }: ReleaseSource): Promise<readonly Release[]> {
  return (await allReleases(github)).filter(({ draft }) => !draft)
}

/** Assets of the same names come first; where names hold the version, the solutions tell which ones they are. */
async function sameSolutions(
  release: Release,
  archives: readonly Archive[],
  source: ReleaseSource,
): Promise<PreviousRelease | undefined> {
  const names = new Set(archives.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
  const isSameName = release.assets.some(({ name }) => names.has(name))
  const assets = release.assets.filter(({ name }) => (isSameName ? names.has(name) : /\.zip$/i.test(name)))
  if (assets.length === 0) return undefined
  const build = buildOf({ ...release, assets }, source)
  const found = (await archivesIn(build)).filter((one) =>
    archives.some(({ name, managed }) => same(name, one.name) && managed === one.managed),
  )
  return found.length === 0 ? undefined : { tag: release.tag, archives: found }
}

function versionOf(tag: string): string | undefined {
  try {
    return versionFromTag(tag)
  } catch (error) {
    if (error instanceof VersionError) return undefined
    throw error
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
