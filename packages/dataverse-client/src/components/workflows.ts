import type { DataverseClient } from '../pipeline/client.ts'
import { query } from '../pipeline/query.ts'
import { optionalNumber, optionalText } from '../pipeline/wire.ts'

/** A process definition; category 5 is a cloud flow. */
export interface Workflow {
  readonly id: string
  readonly name: string
  readonly isCloudFlow: boolean
  readonly isOn: boolean
  /** Off because a data loss prevention policy forbids its connectors together. */
  readonly isSuspended: boolean
}

const CLOUD_FLOW = 5
const IDS_A_QUERY = 20

/** The definitions (never the activations) with these ids that the environment has. */
export async function listWorkflows(
  client: DataverseClient,
  ids: readonly string[],
): Promise<readonly Workflow[]> {
  const found: Workflow[] = []
  for (let start = 0; start < ids.length; start += IDS_A_QUERY) {
    const any = ids.slice(start, start + IDS_A_QUERY).map((id) => `workflowid eq ${id}`)
    const page = await client.list(
      query('workflows', {
        select: ['workflowid', 'name', 'category', 'statecode'],
        filter: `type eq 1 and (${any.join(' or ')})`,
      }),
    )
    found.push(
      ...page.map((row) => ({
        id: optionalText(row, 'workflowid') ?? '',
        name: optionalText(row, 'name') ?? '',
        isCloudFlow: optionalNumber(row, 'category') === CLOUD_FLOW,
        isOn: optionalNumber(row, 'statecode') === 1,
        isSuspended: optionalNumber(row, 'statecode') === 2,
      })),
    )
  }
  return found
}

/** A plug-in step: code that runs when rows change. */
export interface ProcessingStep {
  readonly id: string
  readonly name: string
  readonly isOn: boolean
}

/** The plug-in steps with these ids that the environment has. */
export async function listProcessingSteps(
  client: DataverseClient,
  ids: readonly string[],
): Promise<readonly ProcessingStep[]> {
  const found: ProcessingStep[] = []
  for (let start = 0; start < ids.length; start += IDS_A_QUERY) {
    const any = ids.slice(start, start + IDS_A_QUERY).map((id) => `sdkmessageprocessingstepid eq ${id}`)
    const select = ['sdkmessageprocessingstepid', 'name', 'statecode']
    const page = await client.list(query('sdkmessageprocessingsteps', { select, filter: any.join(' or ') }))
    found.push(
      ...page.map((row) => ({
        id: optionalText(row, 'sdkmessageprocessingstepid') ?? '',
        name: optionalText(row, 'name') ?? '',
        // 0 is enabled here, unlike everywhere else.
        isOn: optionalNumber(row, 'statecode') === 0,
      })),
    )
  }
  return found
}

/** Switches a process on or off; state and status change together. Doing it twice is the same. */
export async function setWorkflowState(client: DataverseClient, id: string, on: boolean): Promise<void> {
  return client.patch(
    `workflows(${id})`,
    on ? { statecode: 1, statuscode: 2 } : { statecode: 0, statuscode: 1 },
  )
}
