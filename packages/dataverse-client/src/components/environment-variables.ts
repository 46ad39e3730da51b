import type { DataverseClient } from '../pipeline/client.ts'
import { LostAnswerError } from '../pipeline/errors.ts'
import { literal } from '../pipeline/query.ts'
import { listAny } from './list-any.ts'
import { optionalNumber, optionalText, rows, truth } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** A definition with its current value in this environment. */
export interface EnvironmentVariable {
  readonly definitionId: string
  readonly schemaName: string
  /** Number of the choice `environmentvariabledefinition_type`, such as 100000001 for a number. */
  readonly type: number | undefined
  readonly isRequired: boolean
  readonly defaultValue: string | undefined
  readonly value: { readonly id: string; readonly text: string } | undefined
}

const VALUES = 'environmentvariabledefinition_environmentvariablevalue'

/** The variables of these schema names that the environment has. */
export async function listEnvironmentVariables(
  client: DataverseClient,
  schemaNames: readonly string[],
): Promise<readonly EnvironmentVariable[]> {
  const found = await listAny(client, 'environmentvariabledefinitions', {
    select: ['environmentvariabledefinitionid', 'schemaname', 'type', 'defaultvalue', 'isrequired'],
    column: 'schemaname',
    values: schemaNames.map(literal),
    expand: `${VALUES}($select=environmentvariablevalueid,value)`,
  })
  return found.map(parse)
}

function parse(row: Row): EnvironmentVariable {
  const [value] = rows(row[VALUES])
  return {
    definitionId: optionalText(row, 'environmentvariabledefinitionid') ?? '',
    schemaName: optionalText(row, 'schemaname') ?? '',
    type: optionalNumber(row, 'type'),
    isRequired: truth(row, 'isrequired'),
    defaultValue: optionalText(row, 'defaultvalue'),
    value: value && {
      id: optionalText(value, 'environmentvariablevalueid') ?? '',
      text: optionalText(value, 'value') ?? '',
    },
  }
}

/** Sets the current value: changes the one row that a variable may have, or makes it. */
export async function setEnvironmentVariable(
  client: DataverseClient,
  variable: EnvironmentVariable,
  value: string,
): Promise<void> {
  if (variable.value !== undefined) {
    await client.patch(`environmentvariablevalues(${variable.value.id})`, { value })
    return
  }
  try {
    await client.post('environmentvariablevalues', {
      schemaname: variable.schemaName,
      value,
      // By the name of the navigation property; the column's own name is refused.
      'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${variable.definitionId})`,
    })
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error
    // A second row would be a second value, so the first is looked for before anything is sent again.
    const [now] = await listEnvironmentVariables(client, [variable.schemaName])
    if (now?.value === undefined) throw error
    await setEnvironmentVariable(client, now, value)
  }
}
