import type { Incoming } from './exchange.ts'
import { createFaultTurns, type FaultTurns } from './fault-turns.ts'

/** What a fault does with the request that meets it. The README says what each does. */
export const FAULT_KINDS = [
  'reset-before',
  'reset-after',
  'half-answer',
  'slow',
  'status',
  'late',
  'repeated',
  'endless-pages',
  'huge',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

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
  /** How many of them fail from there (default 1; all of them where pages have no end). */
  readonly times?: number
  /** `slow`: milliseconds of real time before the answer (default 1000). */
  readonly delayMs?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** `status`: the service has acted before. */
  readonly acted?: boolean
  /** `late` and `repeated`: seconds on the emulator's clock until the request, or its copy, arrives. */
  readonly lateSeconds?: number
  /** `endless-pages`: after so many pages the first one comes again; without it, every page has a new address. */
  readonly circle?: number
  /** `huge`: the answer is filled up to so many bytes … */
  readonly bytes?: number
  /** … of this text (default: white space, with which JSON stays JSON). */
  readonly fill?: string
  /** `huge`: the rows of the answer are repeated until there are so many. */
  readonly rows?: number
}

export interface FaultScript extends Pick<FaultTurns<RequestFault>, 'add' | 'clear' | 'list'> {
  /** The fault of this request, if it is its turn; counts the request. */
  next(request: Incoming, service: string, environment: string | undefined): RequestFault | undefined
}

export function createFaultScript(): FaultScript {
  const turns = createFaultTurns<RequestFault>()
  return {
    ...turns,
    add: (faults) =>
      turns.add(
        faults.map((fault) =>
          fault.fault === 'endless-pages' ? { times: Number.MAX_SAFE_INTEGER, ...fault } : fault,
        ),
      ),
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
