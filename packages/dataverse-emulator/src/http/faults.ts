import type { Incoming } from './exchange.ts'
import { createFaultTurns, type FaultTurns } from './fault-turns.ts'

/**
 * What goes wrong:
 * - `reset-before`: the connection drops before the service has seen the request
 * - `reset-after`: the service has acted, the answer is lost
 * - `half-answer`: the service has acted, the connection drops in the middle of the answer
 * - `slow`: the answer comes `delayMs` later
 * - `status`: the given status, headers and body; the service has not seen the request unless `acted` is true
 */
export type FaultKind = 'reset-before' | 'reset-after' | 'half-answer' | 'slow' | 'status'

/** One line of the fault script. Whatever is left out matches everything. */
export interface RequestFault {
  readonly fault: FaultKind
  readonly service?: string
  readonly environment?: string
  readonly method?: string
  /** A part of path and query, without regard to case; `/…/` is a regular expression. */
  readonly path?: string
  /** Which of the matching requests is the first to fail, counted from 1 (default 1). */
  readonly nth?: number
  /** How many of them fail from there (default 1). */
  readonly times?: number
  readonly delayMs?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly acted?: boolean
}

export const FAULT_KINDS: readonly FaultKind[] = [
  'reset-before',
  'reset-after',
  'half-answer',
  'slow',
  'status',
]

export interface FaultScript extends Pick<FaultTurns<RequestFault>, 'add' | 'clear' | 'list'> {
  /** The fault of this request, if it is its turn; counts the request. */
  next(request: Incoming, service: string, environment: string | undefined): RequestFault | undefined
}

export function createFaultScript(): FaultScript {
  const turns = createFaultTurns<RequestFault>()
  return {
    ...turns,
    next: (request, service, environment) =>
      turns.next((fault) => matches(fault, request, service, environment)),
  }
}

function matches(
  fault: RequestFault,
  request: Incoming,
  service: string,
  environment: string | undefined,
): boolean {
  if (fault.service !== undefined && fault.service !== service) return false
  if (fault.environment !== undefined && fault.environment !== environment) return false
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false
  return fault.path === undefined || pathMatches(fault.path, request.target)
}

function pathMatches(wanted: string, target: string): boolean {
  const pattern = /^\/(.+)\/(i?)$/.exec(wanted)
  if (pattern?.[1] !== undefined && /[\\^$*+?()[\]|]/.test(pattern[1])) {
    return new RegExp(pattern[1], 'i').test(decoded(target))
  }
  return decoded(target).toLowerCase().includes(wanted.toLowerCase())
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}
