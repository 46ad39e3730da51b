export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
}

/** Issuer, subject and audience of a JWT, unverified: they are only shown to the person who must register them. */
export function readClaims(jwt: string): Claims | undefined {
  const payload = jwt.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const claim = (name: string): string => {
      const value: unknown = Object.entries(parsed).find(([key]) => key === name)?.[1]
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? first : '(none)'
    }
    return { iss: claim('iss'), sub: claim('sub'), aud: claim('aud') }
  } catch {
    return undefined
  }
}
