import type { TableRules } from '../../tables/table-rules.ts'
import { asText, text } from '../../store/value.ts'
import { refuse } from '../../odata/errors.ts'
import { flowObstacle } from './flows.ts'

/** Status reasons by state. */
const WORKFLOW_STATUS: Readonly<Record<number, number>> = { 0: 1, 1: 2, 2: 3 }

export const workflowRules: TableRules = {
  update(before, after, call) {
    if (after['statecode'] === before['statecode']) return after
    const status = WORKFLOW_STATUS[Number(after['statecode'])]
    if (status !== after['statuscode'] && after['statuscode'] !== before['statuscode']) {
      throw refuse(
        'invalidArgument',
        `${asText(after['statuscode'])} is not a valid status code for state code ${asText(after['statecode'])} on workflow with Id ${text(before, 'workflowid')}.`,
      )
    }
    const obstacle = after['statecode'] === 1 ? flowObstacle(call.environment, after) : undefined
    if (obstacle !== undefined) throw obstacle
    return { ...after, statuscode: status ?? null }
  },
  remove(row) {
    if (row['ismanaged'] === true) throw refuse('managedProcess')
    return false
  },
}

export const variableValueRules: TableRules = {
  create(row, call) {
    const twin = call.environment.store.find(
      'environmentvariablevalue',
      (item) => item['environmentvariabledefinitionid'] === row['environmentvariabledefinitionid'],
    )
    // A variable has one current value at most.
    if (twin !== undefined && row['environmentvariabledefinitionid'] !== null) throw refuse('duplicateKey')
    const definition = call.environment.store.get(
      'environmentvariabledefinition',
      text(row, 'environmentvariabledefinitionid'),
    )
    return row['schemaname'] === null && definition !== undefined
      ? { ...row, schemaname: text(definition, 'schemaname') }
      : row
  },
}

export const connectionReferenceRules: TableRules = {
  remove(row) {
    if (row['ismanaged'] === true)
      throw refuse(
        'invalidArgument',
        'The connection reference is part of a managed solution and cannot be deleted.',
      )
    return false
  },
}
