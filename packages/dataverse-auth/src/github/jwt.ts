export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  /** Ids of the repository and its owner; '(none)' where the token has none. */
  readonly repositoryId: string
  readonly repositoryOwnerId: string
}

/** Claims of a JWT, unverified: they are only shown to the person who must register them. */
export function readClaims(jwt: string): Claims | undefined {
  const claim = readToken(jwt)
  if (claim === undefined) return undefined
  const shown = (name: string): string => claim(name) ?? '(none)'
  return {
    iss: shown('iss'),
    sub: shown('sub'),
    aud: shown('aud'),
    repositoryId: shown('repository_id'),
    repositoryOwnerId: shown('repository_owner_id'),
  }
}

/**
 * Reads single claims of a JWT, unverified, as texts for a log.
 * @returns `undefined` for a text that is no JWT; else a reader that gives `undefined` for a claim that is not there
 */
export function readToken(jwt: string): ((name: string) => string | undefined) | undefined {
  const payload = jwt.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    return (name) => {
      const value: unknown = Object.entries(parsed).find(([key]) => key === name)?.[1]
      const first: unknown = Array.isArray(value) ? value[0] : value
      // A claim is shown in a log: it stays on its line, and within it.
      return typeof first === 'string' ? first.slice(0, 500).replaceAll(/\p{Cc}/gu, ' ') : undefined
    }
  } catch {
    return undefined
  }
}
