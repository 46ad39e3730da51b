import { optionalEnumInput } from '@dsa/action-kit'
import { retrieveCurrentOrganization } from '@dsa/dataverse-client'
import type { DataverseClient, EnvironmentKind } from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'

const KINDS = ['production', 'sandbox', 'developer', 'trial'] as const

/** What the environment counts as, whatever it says itself. */
export function environmentKindInput(): EnvironmentKind | undefined {
  return optionalEnumInput('environment-kind', KINDS)
}

/**
 * Stops what has to be wanted twice in production.
 * @param undertaking for the message: `deleting 'contoso_core'`
 * @throws UserError naming the input that allows it
 */
export async function refuseInProduction(
  client: DataverseClient,
  undertaking: string,
  {
    environmentKind,
    isAllowed,
  }: { readonly environmentKind: EnvironmentKind | undefined; readonly isAllowed: boolean },
): Promise<void> {
  if (isAllowed) return
  const kind = environmentKind ?? (await retrieveCurrentOrganization(client)).kind
  if (kind !== 'production') return
  throw new UserError(
    `${client.environmentUrl} is a production environment, and ${undertaking} there has to be wanted. Nothing was changed. If it is what you want, give 'allow-in-production: true'.`,
  )
}
