import type { DataverseClient } from '../pipeline/client.ts'
import { query } from '../pipeline/query.ts'
import type { Row } from '../pipeline/wire.ts'

/** Keeps the address of a query well below what servers accept. */
const VALUES_A_QUERY = 20

/**
 * The rows whose column has one of these values, in as many queries as it takes; none for no value.
 * @param values as OData literals
 */
export async function listAny(
  client: DataverseClient,
  set: string,
  {
    column,
    values,
    filter,
    ...options
  }: Parameters<typeof query>[1] & { readonly column: string; readonly values: readonly string[] },
): Promise<readonly Row[]> {
  const found: Row[] = []
  for (let start = 0; start < values.length; start += VALUES_A_QUERY) {
    const any = values
      .slice(start, start + VALUES_A_QUERY)
      .map((value) => `${column} eq ${value}`)
      .join(' or ')
    const both = filter === undefined ? any : `${filter} and (${any})`
    found.push(...(await client.list(query(set, { ...options, filter: both }))))
  }
  return found
}
