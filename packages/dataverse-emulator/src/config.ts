import type { JobFault } from './jobs/job-fault.ts'
import { UserError } from '@dsa/user-error'
import type { EnvironmentKind, Limits } from './environment.ts'
import { FAULT_KINDS, type RequestFault } from './http/faults.ts'
import { isRecord } from './http/exchange.ts'
import { isGuid } from './stable-id.ts'

/** What `--config` holds. Everything may be left out. */
export interface EmulatorConfig {
  readonly environments?: Readonly<Record<string, EnvironmentConfig>>
  /** Applications besides the one of the ready line. */
  readonly clients?: readonly ClientConfig[]
  /** People who can sign in with user name and password. */
  readonly users?: readonly UserConfig[]
  /** Security roles that every environment has besides the built-in ones, with the names of their privileges. */
  readonly securityRoles?: Readonly<Record<string, readonly string[]>>
  readonly faults?: readonly (RequestFault | JobFault)[]
  /** How long a job lasts, in seconds (default 0.2). */
  readonly jobSeconds?: number
  /** How long an access token lives, in seconds (default 3599). */
  readonly tokenLifetimeSeconds?: number
  /** Seconds by which the `Date` header is ahead of the clock that rows are written by; may be negative (default 0). */
  readonly dateAheadSeconds?: number
  /** Service protection limits; off when absent. */
  readonly limits?: Limits
  /** The `sub` claim of the id-tokens that the emulated runner hands out. */
  readonly oidcSubject?: string
  readonly github?: GithubConfig
  /** Folder that relative paths count from (default: the working directory). */
  readonly baseDir?: string
}

export interface EnvironmentConfig {
  readonly kind?: EnvironmentKind
  /** Archives, or folders with an unpacked solution. An `a_managed.zip` beside `a.zip` is taken along. */
  readonly solutions?: readonly string[]
  /** The names of the Microsoft solutions that are present (default: all of them). */
  readonly microsoftSolutions?: readonly string[]
  /** The app of Power Platform pipelines is installed, whose tables hold deployment artifacts (default: no). */
  readonly pipelinesHost?: boolean
  /** The roles of the default application here (default: System Administrator); none at all: it is no user. */
  readonly roles?: readonly string[]
}

export interface ClientConfig {
  readonly appId: string
  readonly name?: string
  readonly secret?: string
  /** When the secret ends, as an ISO time. */
  readonly secretExpires?: string
  /** A PEM file, or the PEM itself. */
  readonly certificate?: string
  readonly federatedSubject?: string
  readonly federatedIssuer?: string
  readonly federatedAudience?: string
  readonly managedIdentity?: boolean
  /** Where it is an application user (default: everywhere). */
  readonly environments?: readonly string[]
  readonly roles?: readonly string[]
}

export interface UserConfig {
  readonly userName: string
  readonly password: string
  readonly environments?: readonly string[]
  readonly roles?: readonly string[]
}

export interface GithubConfig {
  /** Permissions by token, such as `{"ghs_…": {"contents": "write"}}`; a token that is not listed may do everything. */
  readonly tokens?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Who writes with a token (default: `github-actions[bot]`). */
  readonly logins?: Readonly<Record<string, string>>
  /** Every repository fixes the tag and the assets of a release when it is published (default: no). */
  readonly immutableReleases?: boolean
  /** The setting "Allow GitHub Actions to create and approve pull requests" (default: on). */
  readonly actionsMayCreatePulls?: boolean
  /** Names of assets whose first upload fails with 502 and leaves an empty asset, as GitHub documents it. */
  readonly uploadFailures?: readonly string[]
  /** The feature "Issues" of every repository (default: on). */
  readonly hasIssues?: boolean
}

/** The configuration, or an order to the admin service, cannot be understood. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError'
}

type Check = (value: unknown, at: string) => void

function text(value: unknown, at: string): void {
  must(typeof value === 'string', at, 'text')
}

function number(value: unknown, at: string): void {
  must(typeof value === 'number' && value >= 0, at, 'a number that is not negative')
}

function positive(value: unknown, at: string): void {
  must(typeof value === 'number' && Number.isInteger(value) && value > 0, at, 'a whole number above zero')
}

function seconds(value: unknown, at: string): void {
  must(typeof value === 'number' && Number.isFinite(value), at, 'a number')
}

function flag(value: unknown, at: string): void {
  must(typeof value === 'boolean', at, 'true or false')
}

function anything(): void {}

function guid(value: unknown, at: string): void {
  must(isGuid(value), at, 'a guid')
}

function oneOf(words: readonly string[]): Check {
  return (value, at) =>
    must(typeof value === 'string' && words.includes(value), at, `one of ${words.join(', ')}`)
}

function listOf(item: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, 'a list')
    for (const [index, entry] of value.entries()) item(entry, `${at}[${index}]`)
  }
}

function mapOf(item: Check): Check {
  return (value, at) => {
    if (!isRecord(value)) throw wrong(at, 'an object')
    for (const [name, entry] of Object.entries(value)) item(entry, `${at}.${name}`)
  }
}

function shape(members: Readonly<Record<string, Check>>, needed: readonly string[] = []): Check {
  return (value, at) => {
    if (!isRecord(value)) throw wrong(at, 'an object')
    const record = value
    for (const [name, entry] of Object.entries(record)) {
      const check = members[name]
      if (check === undefined)
        throw new ConfigError(`${at}.${name} is not known. Known here: ${Object.keys(members).join(', ')}.`)
      check(entry, `${at}.${name}`)
    }
    for (const name of needed)
      if (record[name] === undefined) throw new ConfigError(`${at}.${name} is missing.`)
  }
}

function must(isRight: boolean, at: string, wanted: string): void {
  if (!isRight) throw wrong(at, wanted)
}

function wrong(at: string, wanted: string): ConfigError {
  return new ConfigError(`${at} must be ${wanted}.`)
}

const ENVIRONMENT_KINDS: readonly EnvironmentKind[] = [
  'developer',
  'sandbox',
  'production',
  'default',
  'trial',
  'teams',
]

const REQUEST_FAULT = shape(
  {
    fault: oneOf(FAULT_KINDS),
    service: text,
    environment: text,
    method: text,
    path: text,
    nth: number,
    times: number,
    delayMs: number,
    status: number,
    headers: mapOf(text),
    body: anything,
    acted: flag,
    lateSeconds: number,
    circle: positive,
    bytes: number,
    fill: text,
    rows: number,
  },
  ['fault'],
)
const JOB_FAULT = shape(
  {
    job: text,
    environment: text,
    nth: number,
    times: number,
    code: text,
    message: text,
    component: text,
    seconds: number,
    leavesHolding: flag,
    leavesFormLayer: flag,
  },
  ['job'],
)

function FAULT(value: unknown, at: string): void {
  ;(isRecord(value) && 'job' in value ? JOB_FAULT : REQUEST_FAULT)(value, at)
}

const LIMITS = shape({
  requests: number,
  windowSeconds: number,
  concurrent: number,
  retryAfterSeconds: number,
})

const CONFIG = shape({
  environments: mapOf(
    shape({
      kind: oneOf(ENVIRONMENT_KINDS),
      solutions: listOf(text),
      microsoftSolutions: listOf(text),
      pipelinesHost: flag,
      roles: listOf(text),
    }),
  ),
  clients: listOf(
    shape(
      {
        appId: guid,
        name: text,
        secret: text,
        secretExpires: text,
        certificate: text,
        federatedSubject: text,
        federatedIssuer: text,
        federatedAudience: text,
        managedIdentity: flag,
        environments: listOf(text),
        roles: listOf(text),
      },
      ['appId'],
    ),
  ),
  users: listOf(
    shape({ userName: text, password: text, environments: listOf(text), roles: listOf(text) }, [
      'userName',
      'password',
    ]),
  ),
  securityRoles: mapOf(listOf(text)),
  faults: listOf(FAULT),
  jobSeconds: number,
  tokenLifetimeSeconds: number,
  dateAheadSeconds: seconds,
  limits: LIMITS,
  oidcSubject: text,
  github: shape({
    tokens: mapOf(mapOf(text)),
    logins: mapOf(text),
    immutableReleases: flag,
    actionsMayCreatePulls: flag,
    uploadFailures: listOf(text),
    hasIssues: flag,
  }),
  baseDir: text,
})

/**
 * Checks a configuration that was read from JSON.
 * @throws ConfigError naming the member and what it must be
 */
export function checkConfig(value: unknown): EmulatorConfig {
  assertConfig(value)
  return value
}

/** @throws ConfigError */
export function checkFaults(value: unknown): readonly (RequestFault | JobFault)[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  assertFaults(list)
  return list
}

/** @throws ConfigError */
export function checkLimits(value: unknown): Limits {
  assertLimits(value)
  return value
}

function assertConfig(value: unknown): asserts value is EmulatorConfig {
  CONFIG(value, 'config')
}

function assertFaults(value: unknown): asserts value is readonly (RequestFault | JobFault)[] {
  listOf(FAULT)(value, 'faults')
}

function assertLimits(value: unknown): asserts value is Limits {
  LIMITS(value, 'limits')
}
