import type { EmulatorConfig } from '../config.ts'
import { isRecord, parseJson } from '../http/exchange.ts'
import { startEmulator, type Emulator } from '../start-emulator.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON, or an empty object. */
  readonly body: Readonly<Record<string, unknown>>
}

interface AskOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Sent instead of a fresh token; empty: none. */
  readonly token?: string
  readonly version?: string
}

/** An emulator and short ways to ask it. Nothing here is a client of ours: plain fetch. */
export interface Kit {
  readonly emulator: Emulator
  token(environment: string): Promise<string>
  ask(environment: string, method: string, path: string, options?: AskOptions): Promise<Answer>
  /** Like `ask`; throws unless the answer is a success. */
  done(
    environment: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Readonly<Record<string, unknown>>>
  rows(environment: string, path: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Lets every job that was started come to its end. */
  finishJobs(): Promise<void>
}

/** Starts an emulator whose clock stands still, runs a test on it, and closes it whatever happens. */
export async function withEmulator(config: EmulatorConfig, test: (kit: Kit) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ jobSeconds: 60, ...config })
  emulator.clock.stop(Date.parse('2026-11-21T08:00:00Z'))
  try {
    await test(createKit(emulator))
  } finally {
    await emulator.close()
  }
}

function createKit(emulator: Emulator): Kit {
  const { ready } = emulator
  const urlOf = (environment: string) => ready.environments[environment] ?? ''
  const tokens = new Map<string, { readonly token: string; readonly ends: number }>()
  const token = async (environment: string) => {
    const known = tokens.get(environment)
    if (known !== undefined && known.ends > emulator.clock.now()) return known.token
    const form = new URLSearchParams({
      client_id: ready.appId,
      client_secret: ready.clientSecret,
      grant_type: 'client_credentials',
      scope: `${urlOf(environment)}/.default`,
    })
    const response = await fetch(`${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: form,
    })
    const body: unknown = await response.json()
    const fresh = isRecord(body) && typeof body['access_token'] === 'string' ? body['access_token'] : ''
    tokens.set(environment, { token: fresh, ends: emulator.clock.now() + 3_000_000 })
    return fresh
  }
  const ask: Kit['ask'] = async (environment, method, path, options = {}) => {
    const bearer = options.token ?? (await token(environment))
    const isText = typeof options.body === 'string'
    const response = await fetch(`${urlOf(environment)}/api/data/${options.version ?? 'v9.2'}/${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined || isText
          ? {}
          : { 'content-type': 'application/json; charset=utf-8' }),
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    })
    const text = await response.text()
    const body = parseJson(text)
    return { status: response.status, headers: response.headers, text, body: isRecord(body) ? body : {} }
  }
  const done: Kit['done'] = async (environment, method, path, body) => {
    const answer = await ask(environment, method, path, body === undefined ? {} : { body })
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  return {
    emulator,
    token,
    ask,
    done,
    async rows(environment, path) {
      const { value } = await done(environment, 'GET', path)
      return Array.isArray(value) ? value.filter(isRecord) : []
    },
    async finishJobs() {
      emulator.clock.advance(60_000 * 60)
      await emulator.jobs()
    },
  }
}

/** A member of an answer, by path: `pick(body, 'error', 'code')`. */
export function pick(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value)
}

/** The code of a refusal. */
export function codeOf(answer: Answer): unknown {
  return pick(answer.body, 'error', 'code')
}
