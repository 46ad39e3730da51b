import { connect } from 'node:net'
import { isRecord } from './http/exchange.ts'
import { withEmulator, type Kit } from './testing/with-emulator.ts'

/** A small generator of numbers, so that a failure can be met again (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const WORDS = [
  'solutions',
  'contacts',
  'accounts(',
  'WhoAmI',
  'WhoAmI()',
  'StageSolution',
  'ImportSolutionAsync',
  '$metadata',
  '$batch',
  '$count',
  'EntityDefinitions',
  "EntityDefinitions(LogicalName='x')",
  '(',
  ')',
  "'",
  "''",
  '%27',
  '%28',
  '%ZZ',
  '%00',
  '/',
  '//',
  '..',
  '?',
  '&',
  '=',
  '$filter=',
  '$select=',
  '$expand=',
  '$orderby=',
  '$top=',
  '$skiptoken=',
  '@p1',
  ' eq ',
  ' and ',
  ' or ',
  'not ',
  ' in (',
  'null',
  'true',
  '1',
  '-1',
  '1e999',
  '00000000-0000-0000-0000-000000000000',
  'publisherid',
  'uniquename',
  'any(x:x/',
  'contains(',
  'Microsoft.Dynamics.CRM.In(',
  "PropertyName='a'",
  '[',
  ']',
  '\u{1f4a5}',
  'a'.repeat(300),
  '$value',
  '$ref',
  'lastname',
  'systemusers',
  'msdyn_componentlayers',
  'RetrieveDependentComponents(ObjectId=',
  'asyncoperations',
] as const
const VALUES = [
  null,
  true,
  -1,
  1.5,
  1e308,
  '',
  'x',
  [],
  {},
  { a: { b: {} } },
  '2026-01-01',
  'AAAA',
  '/contacts(1)',
  '00000000-0000-0000-0000-000000000000',
  [null],
  ['x', 1],
] as const
const NAMES = [
  'lastname',
  'gendercode',
  'contactid',
  'parentcustomerid_account@odata.bind',
  'CustomizationFile',
  'OverwriteUnmanagedCustomizations',
  'PublishWorkflows',
  'SolutionParameters',
  'ComponentParameters',
  '@odata.type',
  'version',
  'publisherid',
  '__proto__',
  'constructor',
  'ownerid',
  'statecode',
  'createdon',
] as const
const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const
const HEADERS: readonly [Readonly<Record<string, string>>, ...Readonly<Record<string, string>>[]] = [
  {},
  { 'if-match': 'nonsense' },
  { prefer: 'odata.maxpagesize=-1,return=everything,"' },
  { prefer: 'odata.include-annotations="*,-x"' },
  { 'content-type': 'multipart/mixed' },
  { 'content-type': 'multipart/mixed; boundary=x' },
  { 'content-range': 'bytes 9-1/x' },
  { range: 'bytes=5-1' },
  { 'x-long': 'y'.repeat(9000) },
]

const COUNT = 1000

describe('requests that make no sense', () => {
  test('are refused in the form of OData, and the emulator lives on', () =>
    withEmulator({ environments: { dev: {} } }, async (kit) => {
      const random = createRandom(20261121)
      const one = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0]
      const text = (longest: number) =>
        Array.from({ length: 1 + Math.floor(random() * longest) }, () => one(WORDS)).join('')
      const body = () => {
        const kind = random()
        if (kind < 0.2) return text(6)
        if (kind < 0.3) return '{"lastname":'
        return JSON.stringify(
          Object.fromEntries(
            Array.from({ length: Math.floor(random() * 4) }, () => [one(NAMES), one(VALUES)]),
          ),
        )
      }
      const statuses = new Map<number, number>()
      const token = await kit.token('dev')
      for (let start = 0; start < COUNT; start += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async () => {
            const method = one(METHODS)
            const path = `${random() < 0.7 ? one(WORDS) : ''}${text(5)}`.replace(
              /[#\s]/g,
              random() < 0.5 ? '%20' : '+',
            )
            const status = await send(kit, method, path, method === 'GET' ? undefined : body(), {
              authorization: `Bearer ${token}`,
              ...one(HEADERS),
            })
            statuses.set(status, (statuses.get(status) ?? 0) + 1)
          }),
        )
      }
      expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
      expect([...statuses.keys()].filter((status) => status >= 500 && status !== 501)).toEqual([])
      process.stdout.write(
        `fuzz: ${COUNT} requests, by status ${JSON.stringify(Object.fromEntries(statuses))}\n`,
      )
    }))

  test('nesting without end does not exhaust the stack', () =>
    withEmulator({ environments: { dev: {} } }, async (kit) => {
      for (const filter of [
        '('.repeat(3000),
        'not '.repeat(3000),
        `${'a/'.repeat(2000)}b eq 1`,
        `${'lastname eq null and '.repeat(400)}lastname eq null`,
      ]) {
        const answer = await kit.ask('dev', 'GET', `contacts?$filter=${encodeURIComponent(filter)}`)
        expect([200, 400]).toContain(answer.status)
      }
    }))

  test('headers that are too large, and bytes that are no HTTP, are answered', () =>
    withEmulator({ environments: { dev: {} } }, async (kit) => {
      const port = Number(new URL(String(kit.emulator.ready.environments['dev'])).port)
      expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 431 .*"error":/s,
      )
      expect(await raw(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"error":/s)
      expect((await kit.ask('dev', 'GET', 'WhoAmI')).status).toBe(200)
    }))
})

/** Sends and checks that a refusal is one of the forms that the service knows. */
async function send(
  kit: Kit,
  method: string,
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<number> {
  const url = `${String(kit.emulator.ready.environments['dev'])}/api/data/v9.2/${path}`
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  const answer = await response.text()
  if (response.status >= 400 && response.status !== 401 && !answer.startsWith('--')) {
    const parsed: unknown = JSON.parse(answer)
    const error = isRecord(parsed) ? parsed['error'] : undefined
    const isOData =
      isRecord(error) && typeof error['code'] === 'string' && typeof error['message'] === 'string'
    if (!isOData && !(isRecord(parsed) && 'Message' in parsed)) throw new Error(`${method} ${url}: ${answer}`)
  }
  return response.status
}

function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)))
  })
}
