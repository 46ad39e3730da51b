import { componentInWords, type NamedComponent } from '@dsa/connected-action'
import {
  type ComponentLayer,
  type DataverseClient,
  type LayeredComponent,
  listComponentDefinitions,
  listLayers,
  similarNames,
  type SolutionContentRow,
} from '@dsa/dataverse-client'
import { componentOfType } from '@dsa/solution-package'
import { quotedList, UserError } from '@dsa/user-error'

/** What a solution holds. */
export interface Content {
  /** Unique name; '' for the components of the platform, of which only the layers tell whose they are. */
  readonly solution: string
  readonly rows: readonly SolutionContentRow[]
}

/** A component of a managed solution or of the platform that has an unmanaged layer, and what that changes. */
export interface FoundLayer extends LayeredComponent {
  /** Unique name. */
  readonly solution: string
  readonly row: SolutionContentRow
  /** For people: `Web resource new_/main.js`. */
  readonly words: string
  /** It says only what belongs to the environment, which nobody has to take back. */
  readonly isOwn: boolean
  /** `displayname: "Order" → "Big order"` */
  readonly changes: readonly string[]
  /** '' where the layer does not tell. */
  readonly changedBy: string
  /** ISO time; '' where the environment does not tell. */
  readonly changedOn: string
}

/** Columns of every row that say nothing about a change. */
const NOISE = new Set([
  'modifiedon',
  'modifiedby',
  'versionnumber',
  'overwritetime',
  'componentstate',
  'solutionid',
])

/**
 * What belongs to each environment, and what an import or its settings write there: connections, whether a flow is on,
 * whose it is. A layer that says nothing else hides no work of anybody.
 */
const OWN = new Set([
  'connectionid',
  'statecode',
  'statuscode',
  'ownerid',
  'owninguser',
  'owningteam',
  'owningbusinessunit',
])

/** The unmanaged layers over some managed components, each component once. */
export async function findLayers(
  client: DataverseClient,
  contents: readonly Content[],
): Promise<readonly FoundLayer[]> {
  const found = new Map<string, FoundLayer>()
  let numbers: ReadonlyMap<number, string> | undefined
  for (const { solution, rows } of contents) {
    for (const row of rows) {
      if (!row.hasUnmanagedLayer || found.has(row.objectId)) continue
      const known = componentOfType(row.type)?.platformName
      if (known === undefined) numbers ??= await typeNames(client)
      const typeName = known ?? numbers?.get(row.type) ?? String(row.type)
      const component = { typeName, objectId: row.objectId }
      found.set(row.objectId, describe(solution, row, component, await listLayers(client, component)))
    }
  }
  return [...found.values()]
}

/** The names of kinds whose numbers the environment gave out. */
async function typeNames(client: DataverseClient): Promise<ReadonlyMap<number, string>> {
  return new Map((await listComponentDefinitions(client)).map(({ type, name }) => [type, name]))
}

function describe(
  solution: string,
  row: SolutionContentRow,
  component: LayeredComponent,
  layers: readonly ComponentLayer[],
): FoundLayer {
  const top = layers.findLast(({ isUnmanaged }) => isUnmanaged)
  const below = layers.findLast(({ isUnmanaged }) => !isUnmanaged)
  const changed = (top?.changed ?? []).filter((name) => !NOISE.has(name))
  return {
    ...component,
    isOwn: changed.length > 0 && changed.every((name) => OWN.has(name)),
    solution: solution === '' ? (below?.solutionName ?? '') : solution,
    row,
    words: componentInWords(row),
    changes: changed.map(
      (name) => `${name}: ${short(below?.attributes.get(name))} → ${short(top?.attributes.get(name))}`,
    ),
    changedBy: nameIn(top?.attributes.get('modifiedby')),
    changedOn: row.modifiedMs === undefined ? '' : new Date(row.modifiedMs).toISOString(),
  }
}

const LONGEST = 80

function short(json: string | undefined): string {
  const text = json ?? 'nothing'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** A lookup in the layer's JSON is a text, or an object with a name. */
function nameIn(json: string | undefined): string {
  const value: unknown = json === undefined ? undefined : JSON.parse(json)
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null && 'Name' in value && typeof value.Name === 'string'
    ? value.Name
    : ''
}

/**
 * Those that are to be removed.
 * @throws UserError for one that has no unmanaged layer, with similar ones that have
 */
export function chosen(
  found: readonly FoundLayer[],
  remove: 'all' | readonly NamedComponent[],
): readonly FoundLayer[] {
  if (remove === 'all') return found.filter(({ isOwn }) => !isOwn)
  return remove.map(({ kind, name }) => {
    const plain = name.replaceAll(/[{}]/g, '').toLowerCase()
    const layer = found.find(
      ({ row, typeName }) =>
        (row.type === kind.type || typeName.toLowerCase() === kind.platformName.toLowerCase()) &&
        [row.objectId, row.name, `${row.table}.${row.name}`].some((own) => own.toLowerCase() === plain),
    )
    if (layer !== undefined) return layer
    const similar = similarNames(
      name,
      found.map(({ row }) => row.name),
    )
    throw new UserError(
      `${kind.label} '${name}' has no unmanaged layer there. Nothing was removed.${similar.length === 0 ? '' : ` Similar ones that have one: ${quotedList(similar)}.`}`,
    )
  })
}
