import { ARCHIVES } from './archives.ts'
import { BUSY } from './busy.ts'
import { COMPONENTS } from './components.ts'
import { EXPORTS } from './exports.ts'
import type { KnownError, KnownErrorGroup } from './known-error.ts'
import { MISSING } from './missing.ts'
import { RIGHTS } from './rights.ts'
import { VERSIONS } from './versions.ts'

export type { KnownError, KnownErrorGroup } from './known-error.ts'

/** Every code that has advice, in the order of the page that `pnpm docs` makes of it: `docs/errors.md`. */
export const KNOWN_ERRORS: readonly KnownErrorGroup[] = [
  MISSING,
  VERSIONS,
  ARCHIVES,
  COMPONENTS,
  EXPORTS,
  RIGHTS,
  BUSY,
]

const BY_CODE = new Map(KNOWN_ERRORS.flatMap(({ errors }) => errors).map((error) => [error.code, error]))

/** The advice for a code (lower-case hex, see `normalizeCode`), or `undefined` for one that is not in the table. */
export function errorAdvice(code: string): KnownError | undefined {
  return BY_CODE.get(code)
}

const CODE_PATTERN = /0x[0-9a-f]{8}/gi

/**
 * The place of the documentation that has the remedy for a message: of the first code in it that is known.
 * @returns such as `docs/errors.md#0x80048040`, from the root of this repository
 */
export function errorPage(message: string): string | undefined {
  const known = (message.match(CODE_PATTERN) ?? []).map((code) => errorAdvice(code.toLowerCase()))
  const code = known.find((error) => error !== undefined)?.code
  return code === undefined ? undefined : `docs/errors.md#${code}`
}
