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
  const payload = jwt.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const claim = (name: string): string => {
      const value: unknown = Object.entries(parsed).find(([key]) => key === name)?.[1]
      const first: unknown = Array.isArray(value) ? value[0] : value
      // A claim is shown in a log: it stays on its line, and within it.
      return typeof first === 'string' ? first.slice(0, 500).replaceAll(/\p{Cc}/gu, ' ') : '(none)'
    }
    return {
      iss: claim('iss'),
      sub: claim('sub'),
      aud: claim('aud'),
      repositoryId: claim('repository_id'),
      repositoryOwnerId: claim('repository_owner_id'),
    }
  } catch {
    return undefined
  }
}
