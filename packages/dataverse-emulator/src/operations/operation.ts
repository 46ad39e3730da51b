import type { Row } from '../store/row.ts'
import { isRecord } from '../http/exchange.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import { isGuid } from '../stable-id.ts'

export type ParameterType =
  | 'Edm.String'
  | 'Edm.Boolean'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.Guid'
  | 'Edm.Binary'
  | 'Collection(Edm.String)'
  /** An enum by the name of its member. */
  | `enum.${string}`
  /** `Microsoft.Dynamics.CRM.…` entity or complex type. */
  | `mscrm.${string}`
  | `Collection(mscrm.${string})`

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly required: boolean
}

export type Arguments = Readonly<Record<string, unknown>>

/** One action or function of the Web API. The table of all of them is in `index.ts`. */
export interface Operation {
  readonly name: string
  readonly kind: 'action' | 'function'
  /** The table whose rows the operation is bound to; absent when it is unbound. */
  readonly boundTo?: string
  readonly parameters: readonly Parameter[]
  /** The name of the answer's complex type, `Collection(mscrm.dependency)` for rows, or absent for 204. */
  readonly returns?: string
  /** The privilege that the asker's roles must hold. */
  readonly privilege?: string
  /** Whether it is refused with 429 while another solution operation runs, and under which name. */
  readonly exclusive?: string
  handle(input: Arguments, call: Call, bound?: Row): unknown
}

/** `required('SolutionName', 'Edm.String')` */
export function required(name: string, type: ParameterType): Parameter {
  return { name, type, required: true }
}

export function optional(name: string, type: ParameterType): Parameter {
  return { name, type, required: false }
}

/**
 * Checks the parameters of an action's body.
 * @throws ApiError 400 `0x80048d19` for what is missing, undeclared or of another type
 */
export function checkBody(operation: Operation, body: unknown): Arguments {
  if (!isRecord(body))
    throw refuse('badPayload', operation.name, 'The request body could not be deserialized.')
  const known = new Set(operation.parameters.map(({ name }) => name))
  for (const name of Object.keys(body)) {
    if (!known.has(name) && !name.includes('@')) {
      throw refuse(
        'badPayload',
        operation.name,
        `The parameter '${name}' in the request payload is not a valid parameter for the operation '${operation.name}'.`,
      )
    }
  }
  return checkArguments(operation, body)
}

/** Checks the arguments of a function's parentheses, as their bare values. */
export function checkFunctionArguments(operation: Operation, named: ReadonlyMap<string, unknown>): Arguments {
  const known = new Set(operation.parameters.map(({ name }) => name))
  for (const name of named.keys()) {
    if (!known.has(name)) throw refuse('notFoundPath', `${operation.name}(${name})`)
  }
  return checkArguments(operation, Object.fromEntries(named))
}

function checkArguments(operation: Operation, values: Readonly<Record<string, unknown>>): Arguments {
  for (const { name, type, required: isRequired } of operation.parameters) {
    const value = values[name] ?? null
    if (value === null) {
      if (isRequired)
        throw refuse(
          'badPayload',
          operation.name,
          `The parameter '${name}' of the operation '${operation.name}' is missing; the request could not be deserialized.`,
        )
    } else if (!isOfType(value, type)) {
      throw refuse(
        'badPayload',
        operation.name,
        `The value of the parameter '${name}' could not be deserialized as '${type.replace(/mscrm\.|enum\./, 'Microsoft.Dynamics.CRM.')}'.`,
      )
    }
  }
  return values
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isSafeInteger(value),
  'Edm.Int64': (value) => Number.isSafeInteger(value),
  'Edm.Guid': isGuid,
  'Edm.Binary': (value) => typeof value === 'string' && value.length % 4 === 0 && BASE64.test(value),
}

function isOfType(value: unknown, type: ParameterType): boolean {
  if (type.startsWith('Collection(')) return Array.isArray(value)
  if (type.startsWith('enum.')) return typeof value === 'string'
  return TYPE_TESTS[type]?.(value) ?? isRecord(value)
}
export function textOf(input: Arguments, name: string): string {
  const value = input[name]
  return typeof value === 'string' ? value : ''
}

export function guidOf(input: Arguments, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

export function bytesOf(input: Arguments, name: string): Uint8Array | undefined {
  const value = input[name]
  return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined
}
