import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { startEmulator } from '@dsa/dataverse-emulator'
import type { Emulator } from '@dsa/dataverse-emulator'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'
import { AUTHORITY_PEM, SERVER_PFX } from './testing/private-authority.ts'
import { solutionArchive } from './testing/scripted-environment.ts'

/** A runner as companies have it: a name that only the proxy knows, and a certificate of a private authority. */
const HOST = 'dataverse.test'

interface Company {
  readonly emulator: Emulator
  readonly workspace: string
  readonly proxyUrl: string
  /** What the proxy was asked to connect to. */
  readonly seen: string[]
  readonly token: string
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  return address.port
}

function listen(server: Server): Promise<void> {
  return new Promise((done) => server.listen(0, '127.0.0.1', done))
}

async function tokenFor({ ready }: Emulator): Promise<string> {
  const answer = await fetch(`${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ready.appId,
      client_secret: ready.clientSecret,
      scope: `https://${HOST}/.default`,
    }),
  })
  const body: unknown = await answer.json()
  const token =
    typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : undefined
  if (typeof token !== 'string') throw new Error(`No token: ${JSON.stringify(body)}`)
  return token
}

async function inCompany(work: (company: Company) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ environments: { prod: { kind: 'sandbox' } } })
  const workspace = await mkdtemp(join(tmpdir(), 'proxy-'))
  const open = new Set<{ destroy(): unknown }>()
  const seen: string[] = []
  const target = Number(new URL(emulator.ready.environments['prod'] ?? '').port)
  const pipe = (
    from: NodeJS.ReadWriteStream & { destroy(): unknown },
    port: number,
    ready?: () => void,
  ): void => {
    const to = connect(port, '127.0.0.1', ready)
    for (const end of [from, to]) {
      open.add(end)
      end.on('error', () => end.destroy())
    }
    from.pipe(to)
    to.pipe(from)
  }
  const front = createTlsServer(
    { pfx: Buffer.from(SERVER_PFX, 'base64'), passphrase: 'fixture-password' },
    (socket) => pipe(socket, target),
  )
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    seen.push(request.url ?? '')
    pipe(socket, portOf(front), () => void socket.write('HTTP/1.1 200 Connection established\r\n\r\n'))
  })
  try {
    await Promise.all([listen(front), listen(proxy)])
    emulator.environment('prod').origin = `https://${HOST}`
    await writeFile(join(workspace, 'core.zip'), await solutionArchive())
    await writeFile(join(workspace, 'authority.pem'), AUTHORITY_PEM)
    const proxyUrl = `http://127.0.0.1:${portOf(proxy)}`
    await work({ emulator, workspace, proxyUrl, seen, token: await tokenFor(emulator) })
  } finally {
    for (const end of open) end.destroy()
    front.close()
    proxy.close()
    await emulator.close()
    await rm(workspace, { recursive: true, force: true })
  }
}

function importThrough(
  { workspace, token }: Company,
  environment: Record<string, string>,
): Promise<StepResult> {
  return runAction(
    'import',
    { 'environment-url': `https://${HOST}`, 'access-token': token, 'solution-file': 'core.zip' },
    { workspace, environment },
  )
}

test('HTTPS_PROXY and NODE_EXTRA_CA_CERTS: the proxy sees every request, and the private authority is trusted (C55)', () =>
  inCompany(async (company) => {
    const { code, outputs } = await importThrough(company, {
      HTTPS_PROXY: company.proxyUrl,
      NODE_EXTRA_CA_CERTS: join(company.workspace, 'authority.pem'),
    })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ 'import-status': 'succeeded' })
    expect(new Set(company.seen)).toEqual(new Set([`${HOST}:443`]))
    expect(company.emulator.requests().some(({ path }) => path.endsWith('/ImportSolutionAsync'))).toBe(true)
  }))

test('NO_PROXY: the proxy sees nothing, and a host that is not there is named', () =>
  inCompany(async (company) => {
    const { code, log } = await importThrough(company, { HTTPS_PROXY: company.proxyUrl, NO_PROXY: HOST })
    expect(code).toBe(1)
    expect(log).toMatch(/::error::https:\/\/dataverse\.test cannot be reached/)
    expect(company.seen).toEqual([])
  }))

test('without the private authority the certificate is refused, and the message says what to set', () =>
  inCompany(async (company) => {
    const { code, log } = await importThrough(company, { HTTPS_PROXY: company.proxyUrl })
    expect(code).toBe(1)
    expect(log).toMatch(/certificate is not trusted.*NODE_EXTRA_CA_CERTS/)
  }))
