import type { Row } from '../../store/row.ts'
import { text } from '../../store/value.ts'
import { isoSeconds } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { isRecord, parseJson } from '../../http/exchange.ts'
import { ApiError, refuse } from '../../odata/errors.ts'
import type { ArchiveContent } from '../archive/content.ts'
import { storeRow, type Actor } from '../solution-row.ts'

const MODERN_FLOW = 5

/**
 * Why a cloud flow cannot be switched on: a connection reference that is not there or not bound.
 * @returns the refusal, or `undefined` when nothing is in the way
 */
export function flowObstacle(environment: Environment, workflow: Row): ApiError | undefined {
  if (workflow['category'] !== MODERN_FLOW) return undefined
  for (const name of referencesOf(text(workflow, 'clientdata'))) {
    const reference = environment.store.find(
      'connectionreference',
      (row) => text(row, 'connectionreferencelogicalname').toLowerCase() === name.toLowerCase(),
    )
    if (reference === undefined)
      return flowRefusal(
        'XrmConnectionReferenceMissing',
        `The connection reference '${name}' does not exist in this environment.`,
      )
    if (text(reference, 'connectionid') === '')
      return flowRefusal(
        'ConnectionAuthorizationFailed',
        `The connection reference '${name}' has no connection.`,
      )
  }
  return undefined
}

function flowRefusal(code: string, message: string): ApiError {
  return refuse('flowFailure', 'BadRequest', JSON.stringify({ error: { code, message } }))
}

function referencesOf(clientData: string): readonly string[] {
  const data = clientData === '' ? undefined : parseJson(clientData.replace(/^\u{feff}/u, ''))
  const properties = isRecord(data) ? data['properties'] : undefined
  const references = isRecord(properties) ? properties['connectionReferences'] : undefined
  if (!isRecord(references)) return []
  return Object.values(references).flatMap((item) => {
    const connection = isRecord(item) ? item['connection'] : undefined
    const name = isRecord(connection) ? connection['connectionReferenceLogicalName'] : undefined
    return typeof name === 'string' ? [name] : []
  })
}

/**
 * After an import: with `PublishWorkflows` the solution's processes and plug-in steps are switched on. A flow whose
 * connections are not bound stays a draft, and the import succeeds all the same.
 */
export function switchProcesses(actor: Actor, content: ArchiveContent, publishWorkflows: boolean): void {
  if (!publishWorkflows) return
  const { environment } = actor
  for (const { row, objectId } of content.components) {
    if (row?.table === 'workflow') {
      const workflow = environment.store.get('workflow', objectId)
      if (workflow === undefined || flowObstacle(environment, workflow) !== undefined) continue
      storeRow(environment, 'workflow', {
        ...workflow,
        statecode: 1,
        statuscode: 2,
        modifiedon: isoSeconds(actor.now),
      })
    }
    if (row?.table === 'sdkmessageprocessingstep') {
      const step = environment.store.get('sdkmessageprocessingstep', objectId)
      if (step !== undefined)
        storeRow(environment, 'sdkmessageprocessingstep', { ...step, statecode: 0, statuscode: 1 })
    }
  }
}
