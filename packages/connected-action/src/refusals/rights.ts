import { ifTold, missingPrivileges, retrieveUserRoles, whoAmI } from '@dsa/dataverse-client'
import type { DataverseClient } from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'

/** A privilege that an undertaking needs. */
export interface NeededRight {
  /** Such as `prvImportCustomization`; only names of privileges that exist. */
  readonly name: string
  /** What needs it, in words that follow "for". */
  readonly purpose: string
  /**
   * True where the step cannot end well without it. The others are those that 'the exact set of privileges needed
   * depends on': they are warned of.
   */
  readonly isCertain: boolean
}

/** Roles that are known to be enough; who holds one is asked nothing more. */
const ENOUGH = ['system administrator', 'system customizer']
export const ENOUGH_IN_WORDS = 'System Customizer or System Administrator'

export interface LackingRights {
  readonly lacking: readonly NeededRight[]
  /** One sentence for those that are certain and one for the others: who lacks what, and what to do. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * What the user who signed in may not do that an undertaking needs. Two requests at most.
 * @throws UserError where the environment does not tell
 */
export async function lackingRights(
  client: DataverseClient,
  needed: readonly NeededRight[],
  undertaking: string,
): Promise<LackingRights> {
  const { userId } = await whoAmI(client)
  const { userName, roles } = await retrieveUserRoles(client, userId)
  if (roles.some((role) => ENOUGH.includes(role.toLowerCase()))) {
    return { lacking: [], errors: [], warnings: [] }
  }
  const missing = await missingPrivileges(
    client,
    userId,
    needed.map(({ name }) => name),
  )
  const lacking = needed.filter(({ name }) => missing.includes(name))
  const held = roles.length === 0 ? 'none of its own' : roles.map((role) => `'${role}'`).join(', ')
  const holder = `the application user '${userName}', whose roles are ${held},`
  const sentence = (certain: boolean, verb: string, code: string): readonly string[] => {
    const own = lacking.filter(({ isCertain }) => isCertain === certain)
    if (own.length === 0) return []
    const names = own.map(({ name, purpose }) => `${name} (for ${purpose})`).join(', ')
    const privileges = own.length === 1 ? 'the privilege' : 'the privileges'
    return [
      `${holder} ${verb} ${names}${code}. Give it the role ${ENOUGH_IN_WORDS}, or add ${privileges} to one of its roles.`,
    ]
  }
  return {
    lacking,
    errors: sentence(true, 'lacks', ' (0x80040220)'),
    warnings: sentence(false, `may lack what ${undertaking} needs:`, ''),
  }
}

/**
 * Stops an undertaking that the environment would refuse half-way. What cannot be asked stops nothing.
 * @throws UserError naming the user, its roles and the privileges
 */
export async function refuseLackingRights(
  client: DataverseClient,
  needed: readonly NeededRight[],
  undertaking: string,
): Promise<void> {
  const found = await ifTold(
    client,
    () => lackingRights(client, needed, undertaking),
    (why) => client.log.debug(`Not checked: the rights of the application user (${why}).`),
  )
  if (found === undefined) return
  if (found.errors.length > 0) throw new UserError(`${client.environmentUrl}: ${found.errors.join(' ')}`)
  for (const warning of found.warnings) client.log.warning(`${client.environmentUrl}: ${warning}`)
}
