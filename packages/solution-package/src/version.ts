import { UserError } from '@dsa/user-error'

/** A version that Dataverse would not take, or a tag that is none. */
export class VersionError extends UserError {
  override readonly name = 'VersionError'
}

export const versionSegments = ['major', 'minor', 'build', 'revision'] as const
export type VersionSegment = (typeof versionSegments)[number]

/** Dataverse keeps each segment as a 32-bit number. */
const largestSegment = 2_147_483_647

/**
 * The numbers of `major.minor[.build[.revision]]`, two to four of them.
 *
 * @throws VersionError for anything else, as Dataverse answers it with 0x8004f01e
 */
export function parseVersion(version: string): readonly number[] {
  if (!/^\d+(?:\.\d+){1,3}$/.test(version)) {
    throw new VersionError(
      `'${version}' is not a version of a solution. It is two to four numbers with dots between them, such as 1.4 or 1.4.0.7.`,
    )
  }
  return version.split('.').map((segment) => inRange(Number(segment), version))
}

function inRange(segment: number, version: string): number {
  if (segment <= largestSegment) return segment
  throw new VersionError(
    `'${version}' is too high for the version of a solution: each of its numbers can be at most ${largestSegment}.`,
  )
}

/** Negative when `a` is lower, positive when it is higher. Compared number by number; a missing segment is 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  for (const i of versionSegments.keys()) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Raises one segment by 1, sets the ones after it to 0, and gives the version all four.
 *
 * @throws VersionError when the segment cannot be raised any more
 */
export function incrementVersion(version: string, segment: VersionSegment): string {
  const numbers = parseVersion(version)
  const raised = versionSegments.indexOf(segment)
  const next = versionSegments
    .map((_, i) => (i < raised ? (numbers[i] ?? 0) : i === raised ? (numbers[i] ?? 0) + 1 : 0))
    .join('.')
  parseVersion(next)
  return next
}

/** What a tag's name becomes; the first pattern that fits counts. */
export const tagRules: readonly { readonly pattern: RegExp; readonly refused?: string }[] = [
  { pattern: /^(?:.*\/)?v?(\d+(?:\.\d+){1,3})$/i },
  {
    pattern: /^(?:.*\/)?v?\d+(?:\.\d+){1,3}[-+].+$/i,
    refused:
      'a version of Dataverse has no pre-release or build part, and the release of the same number would not count as newer. Tag it with a number of its own, such as v1.4.0.1',
  },
  { pattern: /^(?:.*\/)?v?\d+$/i, refused: 'one number is no version. Add the minor number, such as v1.0' },
  { pattern: /^(?:.*\/)?v?\d+(?:\.\d+){4,}$/i, refused: 'a version has four numbers at most' },
]

/**
 * The version that a tag stands for, with all four segments: `v1.4`, `v1.4.0` and `orders/v1.4.0` are 1.4.0.0.
 *
 * @throws VersionError that says why the tag is none, and what to name it instead
 */
export function versionFromTag(tag: string): string {
  for (const { pattern, refused } of tagRules) {
    const match = pattern.exec(tag)
    if (!match) continue
    if (refused !== undefined) throw new VersionError(`The tag '${tag}' is no version: ${refused}.`)
    const numbers = parseVersion(match[1] ?? '')
    return versionSegments.map((_, i) => numbers[i] ?? 0).join('.')
  }
  throw new VersionError(
    `The tag '${tag}' is no version: it must look like v1.4.0, or orders/v1.4.0 for one of several solutions.`,
  )
}
