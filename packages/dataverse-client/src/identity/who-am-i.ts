import type { DataverseClient } from '../pipeline/client.ts'
import { asRow, text } from '../pipeline/wire.ts'

export interface Identity {
  readonly userId: string
  readonly businessUnitId: string
  readonly organizationId: string
}

const known = new WeakMap<DataverseClient, Promise<Identity>>()

/** Who the token stands for in this environment. Asked once for each client, since it cannot change. */
export function whoAmI(client: DataverseClient): Promise<Identity> {
  const asked = known.get(client) ?? ask(client)
  known.set(client, asked)
  asked.catch(() => known.delete(client))
  return asked
}

async function ask(client: DataverseClient): Promise<Identity> {
  const row = asRow(await client.get('WhoAmI', { timeoutMs: 30_000 }), 'WhoAmI')
  return {
    userId: text(row, 'UserId', 'WhoAmI'),
    businessUnitId: text(row, 'BusinessUnitId', 'WhoAmI'),
    organizationId: text(row, 'OrganizationId', 'WhoAmI'),
  }
}
