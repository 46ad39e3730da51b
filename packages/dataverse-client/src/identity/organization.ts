import type { DataverseClient } from '../pipeline/client.ts'
import { asRow, isRow, optionalText } from '../pipeline/wire.ts'

export type EnvironmentKind = 'production' | 'sandbox' | 'developer' | 'trial'

export interface Organization {
  readonly organizationId: string
  readonly environmentId: string
  readonly friendlyName: string
  readonly version: string
  /** The member's name as documented, such as `CustomerTest`, or what the service sent when it is unknown. */
  readonly organizationType: string
  readonly kind: EnvironmentKind
}

interface KindRow {
  readonly name: string
  readonly number: number
  readonly kind: EnvironmentKind
}

/** `OrganizationType`: the service writes the member's name or its number. What is not here counts as production. */
const KINDS: readonly KindRow[] = [
  { name: 'Customer', number: 0, kind: 'production' },
  { name: 'Secondary', number: 4, kind: 'production' },
  { name: 'CustomerTest', number: 5, kind: 'sandbox' },
  { name: 'CustomerFreeTest', number: 6, kind: 'sandbox' },
  { name: 'Default', number: 12, kind: 'production' },
  { name: 'Developer', number: 13, kind: 'developer' },
  { name: 'Trial', number: 14, kind: 'trial' },
  { name: 'Teams', number: 15, kind: 'production' },
]

/** The kind of environment behind an `OrganizationType`; anything unknown is treated with the care of production. */
export function environmentKind(organizationType: unknown): { name: string; kind: EnvironmentKind } {
  const given = typeof organizationType === 'number' ? String(organizationType) : organizationType
  const row = KINDS.find(
    ({ name, number }) =>
      typeof given === 'string' && (name.toLowerCase() === given.toLowerCase() || String(number) === given),
  )
  return row ?? { name: typeof given === 'string' ? given : 'unknown', kind: 'production' }
}

/** What kind of environment this is, and its ids. */
export async function retrieveCurrentOrganization(client: DataverseClient): Promise<Organization> {
  const answer = asRow(
    await client.get("RetrieveCurrentOrganization(AccessType='Default')"),
    'RetrieveCurrentOrganization',
  )
  const detail = isRow(answer['Detail']) ? answer['Detail'] : {}
  const { name, kind } = environmentKind(detail['OrganizationType'])
  return {
    organizationId: optionalText(detail, 'OrganizationId') ?? '',
    environmentId: optionalText(detail, 'EnvironmentId') ?? '',
    friendlyName: optionalText(detail, 'FriendlyName') ?? '',
    version: optionalText(detail, 'OrganizationVersion') ?? '',
    organizationType: name,
    kind,
  }
}
