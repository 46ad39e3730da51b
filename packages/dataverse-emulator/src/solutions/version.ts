/** The highest number that a part of a version can be. */
const HIGHEST = 2_147_483_647

/** Two to four numbers with dots between them. */
export function isVersion(version: string): boolean {
  return /^\d+(\.\d+){1,3}$/.test(version) && version.split('.').every((part) => Number(part) <= HIGHEST)
}
