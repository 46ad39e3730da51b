import { COMPONENTS } from '@dsa/solution-package'
import { DataverseError, listProcessingSteps, listWorkflows, setWorkflowState } from '@dsa/dataverse-client'
import type { DataverseClient, Workflow } from '@dsa/dataverse-client'
import { counted, errorText, quotedList } from '@dsa/user-error'
import type { Archive } from '../look/archive.ts'
import type { Session } from '../session.ts'

/** A cloud flow after the import. */
interface FlowState {
  readonly flow: Workflow
  /** Why it is off although it should be on; '' when it is as it should be. */
  readonly reason: string
}

/** What runs after the import. */
export interface Activation {
  readonly flows: readonly FlowState[]
  /** How many of the flows are off. */
  readonly off: number
  /** Classic processes and plug-in steps that are off; they go by `activate-plugins` alone. */
  readonly othersOff: readonly string[]
}

/** Also told for a reference without a connection, which has to be connected, not shared. */
const NOT_ALLOWED = /ConnectionAuthorizationFailed|ConnectionNotFound|ConnectionUnauthorized/

/** Codes inside the error of the flow service, as observed, and what to do about each. */
const REMEDIES: readonly { readonly code: RegExp; readonly next: string }[] = [
  {
    code: /XrmConnectionReferenceMissing|ConnectionReferenceMissing/,
    next: "a connection reference has no connection; give it in 'deployment-settings-file' or 'connection-references'",
  },
  {
    code: NOT_ALLOWED,
    next: 'the application user may not use a connection of the flow; share the connection with it in the maker portal, under Connections',
  },
  { code: /ChildFlow|WorkflowNotActive|0x80060469/, next: 'a child flow is off; switch it on first' },
]

/**
 * Switches the solution's cloud flows as `flows` says, and tells what is off and why, plug-in steps included. Whatever
 * it meets, the import has succeeded, so nothing here fails the step.
 * @returns undefined when the states could not be read
 */
export async function switchFlows(
  session: Session,
  archive: Archive,
  unbound: readonly string[] = [],
): Promise<Activation | undefined> {
  const { inputs, deps, client } = session
  const ids = idsOf(archive, COMPONENTS.process.type)
  const stepIds = idsOf(archive, COMPONENTS.plugInStep.type)
  const unboundOf = (flow: Workflow): readonly string[] => {
    const definition = definitionOf(archive, flow)
    return unbound.filter((name) => definition.includes(name.toLowerCase()))
  }
  try {
    const processes = await listWorkflows(client, ids)
    const steps = await listProcessingSteps(client, stepIds)
    const flows = processes.filter(({ isCloudFlow }) => isCloudFlow)
    const states =
      inputs.flows === 'keep'
        ? flows.map((flow) => ({ flow, reason: '' }))
        : await switchAll(client, unboundOf, flows, inputs.flows === 'on')
    const others = [...processes.filter(({ isCloudFlow }) => !isCloudFlow), ...steps]
    const othersOff = others.filter(({ isOn }) => !isOn).map(({ name }) => name)
    tell(session, states, othersOff)
    return { flows: states, off: states.filter(({ flow }) => !flow.isOn).length, othersOff }
  } catch (error) {
    if (deps.signal.aborted) throw error
    deps.log.warning(`The state of the flows could not be read: ${errorText(error)}`)
    return undefined
  }
}

/** The flow's definition in the archive, in lower case; its file is named by the flow's id. */
function definitionOf({ parts }: Archive, { id }: Workflow): string {
  const path = parts.paths.find(
    (one) => /^workflows\//i.test(one) && one.toLowerCase().includes(id.toLowerCase()),
  )
  return path === undefined ? '' : Buffer.from(parts.read(path)).toString('utf8').toLowerCase()
}

function idsOf({ manifest }: Archive, wanted: number): readonly string[] {
  return manifest.rootComponents
    .filter(({ type, id }) => Number(type) === wanted && id !== undefined)
    .map(({ id = '' }) => id.replace(/[{}]/g, ''))
}

/**
 * A flow that calls another one cannot be switched on before it, so those that fail are tried again as long as any
 * other one could be switched: that puts children first without knowing who they are.
 */
async function switchAll(
  client: DataverseClient,
  unboundOf: (flow: Workflow) => readonly string[],
  flows: readonly Workflow[],
  on: boolean,
): Promise<readonly FlowState[]> {
  const states = new Map<string, FlowState>()
  let left = flows.filter((flow) => flow.isOn !== on)
  for (const flow of flows) states.set(flow.id, { flow, reason: '' })
  for (let before = left.length + 1; left.length > 0 && left.length < before;) {
    before = left.length
    const failed: Workflow[] = []
    for (const flow of left) {
      const reason = await switchOne(client, flow, on, unboundOf(flow))
      if (reason !== '') failed.push(flow)
      states.set(flow.id, { flow: reason === '' ? { ...flow, isOn: on, isSuspended: false } : flow, reason })
    }
    left = failed
  }
  return [...states.values()]
}

async function switchOne(
  client: DataverseClient,
  flow: Workflow,
  on: boolean,
  unbound: readonly string[],
): Promise<string> {
  try {
    await setWorkflowState(client, flow.id, on)
    return ''
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    const said = `${error.code} ${error.serverMessage}`
    if (unbound.length > 0 && NOT_ALLOWED.test(said)) {
      return `${counted(unbound.length, 'connection reference')} of it ${unbound.length === 1 ? 'has' : 'have'} no connection (${quotedList(unbound)}); give one in 'connection-references' or 'deployment-settings-file' (${error.code})`
    }
    const remedy = REMEDIES.find(({ code }) => code.test(said))
    return remedy === undefined
      ? `${error.code} ${error.serverMessage}`.trim()
      : `${remedy.next} (${error.code})`
  }
}

function tell({ deps, inputs }: Session, states: readonly FlowState[], othersOff: readonly string[]): void {
  const off = states.filter(({ flow }) => !flow.isOn)
  if (states.length > 0)
    deps.log.info(`${states.length - off.length} of ${states.length} cloud flows are on.`)
  if (inputs.flows !== 'off') {
    for (const { flow, reason } of off) {
      const why = reason === '' ? "'flows: on' switches it on, or says why it cannot be" : reason
      deps.log.warning(
        `The flow '${flow.name}' is ${flow.isSuspended ? 'suspended by a policy' : 'off'}: ${why}.`,
      )
    }
  }
  if (othersOff.length > 0 && inputs.activatePlugins)
    deps.log.warning(`These processes and plug-in steps are off: ${othersOff.join(', ')}.`)
}
