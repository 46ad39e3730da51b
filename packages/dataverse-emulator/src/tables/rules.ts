import { asyncOperationRules } from '../jobs/async-operation-rules.ts'
import {
  connectionReferenceRules,
  variableValueRules,
  workflowRules,
} from '../solutions/import/component-rules.ts'
import { definitionRules } from '../solutions/layers/edit-by-hand.ts'
import { publisherRules } from '../solutions/publisher-rules.ts'
import { solutionRules } from '../solutions/solution-rules.ts'
import { contactRules } from './contact-rules.ts'
import type { Table } from './table.ts'
import type { TableRules } from './table-rules.ts'

/** What tables do beyond holding rows, by logical name. */
const RULES: Readonly<Record<string, TableRules>> = {
  solution: solutionRules,
  publisher: publisherRules,
  asyncoperation: asyncOperationRules,
  environmentvariabledefinition: definitionRules,
  environmentvariablevalue: variableValueRules,
  connectionreference: connectionReferenceRules,
  workflow: workflowRules,
  webresource: definitionRules,
  savedquery: definitionRules,
  systemform: definitionRules,
  appmodule: definitionRules,
  contact: contactRules,
}

export function rulesOf(table: Table): TableRules {
  return RULES[table.logicalName] ?? {}
}
