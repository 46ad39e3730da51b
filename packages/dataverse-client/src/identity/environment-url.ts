import { UserError } from '@dsa/user-error'
import { isLoopback } from './loopback.ts'
import { shownAddress } from './shown-address.ts'

const EXAMPLE = 'https://contoso.crm4.dynamics.com'

/** Addresses of Microsoft's portals that people paste by mistake, and what they are. */
const PORTALS: readonly { readonly host: RegExp; readonly what: string }[] = [
  {
    host: /(^|\.)make\.([a-z]+\.)?(powerapps|appsplatform)\.(com|us|cn)$/,
    what: 'the Power Apps maker portal',
  },
  { host: /(^|\.)make\.powerautomate\.com$|(^|\.)flow\.microsoft\.com$/, what: 'the Power Automate portal' },
  { host: /(^|\.)admin\.powerplatform\.microsoft\.(com|us)$/, what: 'the Power Platform admin center' },
  { host: /(^|\.)copilotstudio\.microsoft\.com$/, what: 'Copilot Studio' },
  { host: /(^|\.)apps\.powerapps\.com$/, what: 'the player of an app' },
  { host: /^login\.|^portal\.azure\.|^entra\./, what: 'a sign-in or administration page' },
  { host: /(^|\.)github\.com$/, what: 'a page of GitHub' },
]

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/**
 * Checks the input `environment-url` and gives the environment's origin, without a trailing slash.
 * Throws {@link UserError} with what was given and what is expected.
 */
export function normalizeEnvironmentUrl(text: string | undefined): string {
  const given = text?.trim() ?? ''
  if (given === '') {
    throw new UserError(`'environment-url' is missing. Give the environment's address, such as ${EXAMPLE}.`)
  }
  const refuse = (why: string): UserError =>
    new UserError(`'environment-url' is '${shownAddress(given)}': ${why}`)

  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
    const guess = parse(`https://${given}`)
    const hint = guess !== undefined && guess.host.includes('.') ? `https://${guess.host}` : EXAMPLE
    throw refuse(`'https://' is missing. Did you mean ${hint}?`)
  }
  const url = parse(given)
  if (url === undefined) throw refuse(`that is no URL. It looks like ${EXAMPLE}.`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refuse(`only https is possible. It looks like ${EXAMPLE}.`)
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw refuse(`plain http would show the token to anybody on the way. Use https://${url.host}.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(`'environment-url' must not hold a user name or password. Use ${url.origin}.`)
  }
  const portal = PORTALS.find(({ host }) => host.test(url.hostname))
  if (portal !== undefined) {
    throw refuse(
      `that is ${portal.what}, not an environment. Its address stands in the Power Platform admin center ` +
        `under the environment's details, 'Environment URL', and looks like ${EXAMPLE}.`,
    )
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw refuse(`it must be the address alone, without a path. Use ${url.origin}.`)
  }
  return url.origin
}
