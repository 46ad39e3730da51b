import { didYouMean, listed, UserError } from '@dsa/user-error'
import {
  incrementVersion,
  parseVersion,
  versionFromTag,
  type VersionSegment,
  versionSegments,
} from '@dsa/solution-package'
import type { GitRef } from '@dsa/action-kit'

/**
 * The version to pack with, from the input of that name.
 *
 * @param present the version in the folder
 * @throws Error or VersionError that names the input
 */
export function chooseVersion(input: string | undefined, present: string, ref: GitRef): string {
  if (input === undefined) return present
  const word = input.toLowerCase()
  if (isSegment(word)) return incrementVersion(present, word)
  if (word !== 'from-tag') {
    requireVersion(input)
    return input
  }
  if (ref.type !== 'tag') {
    const started = ref.name === '' ? 'no tag' : `the ${ref.type ?? 'ref'} '${ref.name}'`
    throw new UserError(
      `Input 'version' is from-tag, but the workflow was started by ${started}. Run it on the push of a tag such as v1.4.0, or give a version.`,
    )
  }
  return versionFromTag(ref.name)
}

function requireVersion(input: string): void {
  try {
    parseVersion(input)
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    const words = [...versionSegments, 'from-tag']
    throw new UserError(
      `Input 'version': ${cause.message} Or it is ${listed(words, 'or')}.${didYouMean(input, words)}`,
      { cause },
    )
  }
}

function isSegment(word: string): word is VersionSegment {
  return versionSegments.some((segment) => segment === word)
}
