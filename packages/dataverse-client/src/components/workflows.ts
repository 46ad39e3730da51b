import type { DataverseClient } from '../pipeline/client.ts'
import { listAny } from './list-any.ts'
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

/** The definitions (never the activations) with these ids that the environment has. */
export async function listWorkflows(
  client: DataverseClient,
  ids: readonly string[],
): Promise<readonly Workflow[]> {
  const found = await listAny(client, 'workflows', {
    select: ['workflowid', 'name', 'category', 'statecode'],
    filter: 'type eq 1',
    column: 'workflowid',
    values: ids,
  })
  return found.map((row) => ({
    id: optionalText(row, 'workflowid') ?? '',
    name: optionalText(row, 'name') ?? '',
    isCloudFlow: optionalNumber(row, 'category') === CLOUD_FLOW,
    isOn: optionalNumber(row, 'statecode') === 1,
    isSuspended: optionalNumber(row, 'statecode') === 2,
  }))
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
  const found = await listAny(client, 'sdkmessageprocessingsteps', {
    select: ['sdkmessageprocessingstepid', 'name', 'statecode'],
    column: 'sdkmessageprocessingstepid',
    values: ids,
  })
  return found.map((row) => ({
    id: optionalText(row, 'sdkmessageprocessingstepid') ?? '',
    name: optionalText(row, 'name') ?? '',
    // 0 is enabled here, unlike everywhere else.
    isOn: optionalNumber(row, 'statecode') === 0,
  }))
}

/** Switches a process on or off; state and status change together. Doing it twice is the same. */
export async function setWorkflowState(client: DataverseClient, id: string, on: boolean): Promise<void> {
  return client.patch(
    `workflows(${id})`,
    on ? { statecode: 1, statuscode: 2 } : { statecode: 0, statuscode: 1 },
  )
}
