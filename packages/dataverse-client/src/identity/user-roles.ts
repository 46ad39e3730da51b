import type { DataverseClient } from '../pipeline/client.ts'
import { query } from '../pipeline/query.ts'
import { asRow, optionalText, rows } from '../pipeline/wire.ts'

export interface UserRoles {
  /** As the environment shows the user: an application's begins with `#`. */
  readonly userName: string
  /** The names of the security roles that the user holds directly; those of its teams are not among them. */
  readonly roles: readonly string[]
}

/** Who a user is, and which security roles it holds. */
export async function retrieveUserRoles(client: DataverseClient, userId: string): Promise<UserRoles> {
  const row = asRow(
    await client.get(
      query(`systemusers(${userId})`, {
        select: ['fullname'],
        expand: 'systemuserroles_association($select=name)',
      }),
    ),
    'systemuser',
  )
  return {
    userName: optionalText(row, 'fullname') ?? userId,
    roles: rows(row['systemuserroles_association']).map((role) => optionalText(role, 'name') ?? ''),
  }
}
