import type { DataverseClient } from '../pipeline/client.ts'
import { asRow } from '../pipeline/wire.ts'

/** The languages that are enabled in the environment, as LCIDs such as 1033. */
export async function listLanguages(client: DataverseClient): Promise<readonly number[]> {
  const answer = asRow(await client.get('RetrieveProvisionedLanguages()'), 'RetrieveProvisionedLanguages')
  const found: readonly unknown[] = Array.isArray(answer['RetrieveProvisionedLanguages'])
    ? answer['RetrieveProvisionedLanguages']
    : []
  return found.filter((language) => typeof language === 'number')
}
