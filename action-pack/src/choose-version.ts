import { RAISING, versionRule } from '@dsa/solution-package'
import type { GitRef } from '@dsa/action-kit'

/**
 * The version to pack with, from the input of that name.
 *
 * @param present the version in the folder
 * @throws VersionError that names the input
 */
export function chooseVersion(input: string | undefined, present: string, ref: GitRef): string {
  return input === undefined
    ? present
    : versionRule('version', input, [...RAISING, 'from-tag'])(present, { ref })
}
