import type { Clock } from '../clock.ts'
import type { Directory } from './directory.ts'
import type { SigningKey } from './jwt.ts'

/** What the token endpoint works with. */
export interface AuthorityParts {
  readonly directory: Directory
  readonly clock: Clock
  readonly key: SigningKey
  /** Signs the id-tokens of the emulated GitHub issuer. */
  readonly githubKey: SigningKey
  /** Seconds that a new access token lives. */
  readonly tokenLifetime: () => number
}
