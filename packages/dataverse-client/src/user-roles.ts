import type { DataverseClient } from './client.ts'
import { query } from './query.ts'
import { asRow, optionalText, rows } from './wire.ts'

/** The names of the security roles that a user holds directly. */
export const listUserRoles = async (client: DataverseClient, userId: string): Promise<readonly string[]> => {
  const row = await client.get(
    query(`systemusers(${userId})`, {
      select: ['systemuserid'],
      expand: 'systemuserroles_association($select=name)',
    }),
  )
  return rows(asRow(row, 'systemuser')['systemuserroles_association']).map(
    (role) => optionalText(role, 'name') ?? '',
  )
}
