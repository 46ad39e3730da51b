import type { DataverseClient } from './client.ts'
import { asRow, text } from './wire.ts'

export interface Identity {
  readonly userId: string
  readonly businessUnitId: string
  readonly organizationId: string
}

const known = new WeakMap<DataverseClient, Promise<Identity>>()

/** Who the token stands for in this environment. Asked once for each client, since it cannot change. */
export const whoAmI = (client: DataverseClient): Promise<Identity> => {
  const asked = known.get(client) ?? ask(client)
  known.set(client, asked)
  asked.catch(() => known.delete(client))
  return asked
}

const ask = async (client: DataverseClient): Promise<Identity> => {
  const row = asRow(await client.get('WhoAmI', { timeoutMs: 30_000 }), 'WhoAmI')
  return {
    userId: text(row, 'UserId', 'WhoAmI'),
    businessUnitId: text(row, 'BusinessUnitId', 'WhoAmI'),
    organizationId: text(row, 'OrganizationId', 'WhoAmI'),
  }
}

/** The version of the service, such as `9.2.24104.00184`. */
export const retrieveVersion = async (client: DataverseClient): Promise<string> =>
  text(asRow(await client.get('RetrieveVersion'), 'RetrieveVersion'), 'Version', 'RetrieveVersion')
