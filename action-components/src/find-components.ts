import type { NamedComponent } from '@dsa/connected-action'
import {
  type DataverseClient,
  findChoiceId,
  findColumnId,
  findIdsByName,
  listComponentDefinitions,
  listNames,
  similarNames,
} from '@dsa/dataverse-client'
import { COMPONENTS } from '@dsa/solution-package'
import { quotedList, UserError } from '@dsa/user-error'
import { NAMED } from './named-rows.ts'

/** A component of the environment. */
export interface FoundComponent {
  readonly type: number
  readonly objectId: string
  /** For messages: `Table new_order`. */
  readonly words: string
}

const GUID = /^\{?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\}?$/i

/**
 * Finds the components that were asked for.
 * @throws UserError for the first that is not there, with similar ones
 */
export async function findComponents(
  client: DataverseClient,
  wanted: readonly NamedComponent[],
): Promise<readonly FoundComponent[]> {
  const found: FoundComponent[] = []
  for (const one of wanted) {
    const type = one.kind.type ?? (await typeHere(client, one))
    const words = `${one.kind.label} ${one.name}`
    found.push({
      type,
      objectId: GUID.exec(one.name)?.[1]?.toLowerCase() ?? (await idOf(client, one)),
      words,
    })
  }
  return found
}

/** Numbers above 1000 are given out by each environment. */
async function typeHere(client: DataverseClient, { kind }: NamedComponent): Promise<number> {
  const all = await listComponentDefinitions(client)
  const known = all.find(({ name }) => name.toLowerCase() === kind.platformName.toLowerCase())
  if (known !== undefined) return known.type
  throw new UserError(`${client.environmentUrl} knows no components of the type '${kind.label}'.`)
}

async function idOf(client: DataverseClient, { kind, name }: NamedComponent): Promise<string> {
  const nothing = `There is no ${kind.label} '${name}' in ${client.environmentUrl}.`
  if (kind.type === COMPONENTS.column.type) {
    const [table = '', column = ''] = name.toLowerCase().split('.')
    const id = column === '' ? undefined : await findColumnId(client, table, column)
    if (id !== undefined) return id
    throw new UserError(`${nothing} A column is named with its table, such as 'new_order.new_total'.`)
  }
  if (kind.type === COMPONENTS.choice.type) {
    const id = await findChoiceId(client, name)
    if (id !== undefined) return id
    throw new UserError(nothing)
  }
  const rows = NAMED.find(({ of }) => of === kind.platformName)
  if (rows === undefined) {
    throw new UserError(
      `${kind.label} '${name}': components of this type are not found by name. Give the id, which the address of the component in the maker portal has.`,
    )
  }
  const ids = await findIdsByName(client, rows, rows.set === 'EntityDefinitions' ? name.toLowerCase() : name)
  const [id] = ids
  if (ids.length > 1) {
    throw new UserError(
      `There are ${ids.length} of ${kind.label} '${name}': ${quotedList(ids)}. Give the id of the one that is meant.`,
    )
  }
  if (id !== undefined) return id
  const similar = similarNames(name, await listNames(client, rows))
  throw new UserError(
    `${nothing}${similar.length === 0 ? '' : ` Similar ones that are there: ${quotedList(similar)}.`}`,
  )
}
