import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { asRow, optionalText, rows } from '../pipeline/wire.ts'

/**
 * Which of the named privileges a user does not hold, neither by its roles nor by those of its teams.
 * @param names such as `prvImportCustomization`; only names of privileges that exist
 * @throws Error when the answer does not name the privileges, so that nothing can be said
 */
export async function missingPrivileges(
  client: DataverseClient,
  userId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const list = encodeURIComponent(JSON.stringify(names))
  const path = `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=${list}`
  const answer = asRow(await client.get(path), 'RetrieveUserSetOfPrivilegesByNames')
  if (!Array.isArray(answer['RolePrivileges'])) throw new UserError('The answer has no list of privileges.')
  const held = rows(answer['RolePrivileges']).map((row) => optionalText(row, 'PrivilegeName')?.toLowerCase())
  if (held.includes(undefined)) throw new UserError('The answer does not name the privileges.')
  return names.filter((name) => !held.includes(name.toLowerCase()))
}
