import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { GITHUB_ISSUER } from '../entra/directory.ts'
import { keySet, signJwt, type SigningKey } from '../entra/jwt.ts'
import { bearer, json, type Handler } from '../http/exchange.ts'

/** What the id-tokens of the emulated job say. */
export interface RunnerIdentity {
  /** The `sub` claim, for example `repo:owner@1/repo@2:ref:refs/heads/main`. */
  readonly subject: string
  readonly repository: string
  readonly ref: string
  /** The token that the job must present (`ACTIONS_ID_TOKEN_REQUEST_TOKEN`). */
  readonly requestToken: string
}

/** GitHub's id-tokens live for five minutes. */
const LIFETIME_SECONDS = 300

/** The endpoint behind `ACTIONS_ID_TOKEN_REQUEST_URL`, and the issuer's discovery document and key set. */
export function createRunnerOidc(identity: RunnerIdentity, key: SigningKey, clock: Clock): Handler {
  return (request) => {
    if (request.path === '/.well-known/openid-configuration') {
      return json(200, {
        issuer: GITHUB_ISSUER,
        jwks_uri: `${request.origin}/.well-known/jwks`,
        subject_types_supported: ['public', 'pairwise'],
        response_types_supported: ['id_token'],
        id_token_signing_alg_values_supported: ['RS256'],
        scopes_supported: ['openid'],
        claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'ref', 'repository'],
      })
    }
    if (request.path === '/.well-known/jwks') return json(200, keySet(key))
    if (request.path !== '/oidc/token') return json(404, { message: 'Not Found' })
    if (bearer(request) !== identity.requestToken) return json(401, { message: 'Bad credentials' })
    const audience = new URLSearchParams(request.query).get('audience')
    const now = Math.floor(clock.now() / 1000)
    const value = signJwt(
      {
        jti: randomUUID(),
        sub: identity.subject,
        aud: audience ?? `https://github.com/${identity.repository.split('/')[0] ?? ''}`,
        ref: identity.ref,
        repository: identity.repository,
        repository_owner: identity.repository.split('/')[0],
        event_name: 'workflow_dispatch',
        runner_environment: 'github-hosted',
        iss: GITHUB_ISSUER,
        nbf: now - 60,
        iat: now,
        exp: now + LIFETIME_SECONDS,
      },
      key,
    )
    return json(200, { count: value.length, value })
  }
}
