import { InputError } from '@dsa/action-kit'
import { didYouMean, listed } from '@dsa/user-error'
import {
  incrementVersion,
  parseVersion,
  VersionError,
  type VersionSegment,
  versionSegments,
} from '@dsa/solution-package'

/** A version to set, or the segment to raise of the one that is there. */
export type WantedVersion = { readonly exact: string } | { readonly raise: VersionSegment }

/** @throws InputError for what is neither a version nor the name of a segment */
export function parseWantedVersion(input: string | undefined): WantedVersion | undefined {
  if (input === undefined) return undefined
  const raise = versionSegments.find((segment) => segment === input.toLowerCase())
  if (raise !== undefined) return { raise }
  try {
    parseVersion(input)
  } catch (cause) {
    if (!(cause instanceof VersionError)) throw cause
    throw new InputError(
      `Input 'version': ${cause.message} Or it is ${listed(versionSegments, 'or')}, to raise that number.${didYouMean(input, versionSegments)}`,
      { cause },
    )
  }
  return { exact: input }
}

export function versionFrom(wanted: WantedVersion, present: string): string {
  return 'raise' in wanted ? incrementVersion(present, wanted.raise) : wanted.exact
}
