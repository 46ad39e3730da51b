import type { Environment } from '../../environment.ts'
import { stableGuid } from '../../stable-id.ts'
import { fixedType } from '../archive/type-names.ts'

const TABLE = 'solutioncomponentdefinition'
/** Numbers above 10,000 are handed out by each environment as it meets a kind. */
const FIRST = 10_000

/** The component type number of a kind in this environment. Those of newer kinds differ between environments. */
export function componentType(environment: Environment, typeName: string): number {
  const fixed = fixedType(typeName)
  if (fixed !== undefined) return fixed
  const { store } = environment
  const id = stableGuid('solutioncomponentdefinition', typeName)
  const known = store.get(TABLE, id)?.['objecttypecode']
  if (typeof known === 'number') return known
  const shift = Number.parseInt(environment.organizationId.slice(0, 2), 16)
  const number = FIRST + shift + store.count(TABLE) + 1
  store.put(TABLE, id, {
    solutioncomponentdefinitionid: id,
    name: typeName,
    primaryentityname: typeName,
    objecttypecode: number,
    solutioncomponenttype: number,
    isviewable: true,
    ismetadata: false,
    versionnumber: store.nextVersion(),
  })
  return number
}

/** The kind that a number of this environment means. */
export function typeNameOfNumber(environment: Environment, type: number): string | undefined {
  const row = environment.store.find(TABLE, (item) => item['objecttypecode'] === type)
  const name = row?.['name']
  return typeof name === 'string' ? name : undefined
}
