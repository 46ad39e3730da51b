import type { DataverseClient } from '../pipeline/client.ts'
import { literal, query } from '../pipeline/query.ts'
import { isRow, optionalNumber, optionalText, rows } from '../pipeline/wire.ts'

/** A component as the layers name it. */
export interface LayeredComponent {
  /** Such as `SavedQuery`. */
  readonly typeName: string
  readonly objectId: string
}

/** What one solution, or the unmanaged `Active` layer, makes of a component. */
export interface ComponentLayer {
  readonly solutionName: string
  readonly isUnmanaged: boolean
  /** 1 is the bottom. */
  readonly order: number
  /** All that it says, by name, as JSON. */
  readonly attributes: ReadonlyMap<string, string>
  /** The names of what it changes of the layer below. */
  readonly changed: readonly string[]
}

/** The one unmanaged layer, which all unmanaged solutions share. */
const ACTIVE = 'Active'

/** The layers of one component, from the bottom. One at a time: filters that name several lose rows. */
export async function listLayers(
  client: DataverseClient,
  { typeName, objectId }: LayeredComponent,
): Promise<readonly ComponentLayer[]> {
  const filter = `(msdyn_componentid eq ${literal(objectId)} and msdyn_solutioncomponentname eq ${literal(typeName)})`
  const found = await client.list(query('msdyn_componentlayers', { filter }))
  return found
    .map((row) => {
      const solutionName = optionalText(row, 'msdyn_solutionname') ?? ''
      return {
        solutionName,
        isUnmanaged: solutionName === ACTIVE,
        order: optionalNumber(row, 'msdyn_order') ?? 0,
        attributes: attributesIn(optionalText(row, 'msdyn_componentjson')),
        changed: [...attributesIn(optionalText(row, 'msdyn_changes')).keys()],
      }
    })
    .toSorted((a, b) => a.order - b.order)
}

/** `{"Attributes": [{"Key": …, "Value": …}]}`; a text that is no JSON says nothing. */
function attributesIn(json: string | undefined): ReadonlyMap<string, string> {
  try {
    const parsed: unknown = JSON.parse(json ?? '')
    const list = isRow(parsed) ? rows(parsed['Attributes']) : []
    return new Map(
      list.map((item) => [optionalText(item, 'Key') ?? '', JSON.stringify(item['Value'] ?? null)]),
    )
  } catch {
    return new Map()
  }
}

/**
 * Takes the unmanaged layer off a component, so that the managed one shows again. What was made by hand is gone. A second
 * time there is none to take off, so it is repeated when an answer is lost.
 */
export async function removeUnmanagedLayer(
  client: DataverseClient,
  { typeName, objectId }: LayeredComponent,
): Promise<void> {
  await client.post(
    'RemoveActiveCustomizations',
    { SolutionComponentName: typeName, ComponentId: objectId },
    { repeatable: true },
  )
}
