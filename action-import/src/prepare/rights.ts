import { missingPrivileges, retrieveUserRoles, whoAmI } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import type { Action } from '../decide/decision.ts'
import { NEEDED_PRIVILEGES, STAGING_PRIVILEGE } from './needed-privileges.ts'
import type { NeededPrivilege } from './needed-privileges.ts'
import type { Finding } from './findings.ts'
import type { Session } from '../session.ts'
import type { Target } from '../look/target.ts'

export interface Rights {
  readonly findings: readonly Finding[]
  /** False when the environment would refuse to take the archive for its check. */
  readonly canStage: boolean
}

/** Where nothing is staged, nothing is asked. */
const UNASKED: Rights = { findings: [], canStage: true }

/** Roles that are known to be enough; who holds one is asked nothing more. */
const ENOUGH = ['system administrator', 'system customizer']
const ENOUGH_IN_WORDS = 'System Customizer or System Administrator'

/** What the application user may not do that the import needs: by name of the privilege. Two requests at most. */
export async function checkRights(
  { client, inputs }: Session,
  archive: Archive,
  action: Action,
  { installed }: Target,
): Promise<Rights> {
  try {
    const { userId } = await whoAmI(client)
    const { userName, roles } = await retrieveUserRoles(client, userId)
    if (roles.some((role) => ENOUGH.includes(role.toLowerCase()))) return UNASKED
    const undertaking = { action, archive, inputs, isThere: installed !== undefined }
    const needed = NEEDED_PRIVILEGES.filter(({ when }) => when(undertaking))
    const missing = await missingPrivileges(
      client,
      userId,
      needed.map(({ name }) => name),
    )
    const lacking = needed.filter(({ name }) => missing.includes(name))
    const holder = `the application user '${userName}', whose roles are ${listed(roles)},`
    return {
      findings: [
        ...finding('error', holder, lacking, 'lacks'),
        ...finding('warning', holder, lacking, 'may lack what an import needs:'),
      ],
      canStage: !missing.includes(STAGING_PRIVILEGE),
    }
  } catch (reason) {
    if (client.signal.aborted) throw reason
    const text = `not checked: the rights of the application user (${reason instanceof Error ? reason.message : String(reason)}). ${ENOUGH_IN_WORDS} is known to be enough.`
    return { findings: [{ level: 'warning', text }], canStage: true }
  }
}

function listed(roles: readonly string[]): string {
  return roles.length === 0 ? 'none of its own' : roles.map((role) => `'${role}'`).join(', ')
}

function finding(
  level: Finding['level'],
  holder: string,
  lacking: readonly NeededPrivilege[],
  verb: string,
): readonly Finding[] {
  const own = lacking.filter(({ isCertain }) => isCertain === (level === 'error'))
  if (own.length === 0) return []
  const names = own.map(({ name, purpose }) => `${name} (for ${purpose})`).join(', ')
  const code = level === 'error' ? ' (0x80040220)' : ''
  const text = `${holder} ${verb} ${names}${code}. Give it the role ${ENOUGH_IN_WORDS}, or add ${own.length === 1 ? 'the privilege' : 'the privileges'} to one of its roles.`
  return [{ level, text }]
}
