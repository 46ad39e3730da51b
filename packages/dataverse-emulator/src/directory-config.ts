import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError, type ClientConfig, type EmulatorConfig, type UserConfig } from './config.ts'
import {
  EXCHANGE_AUDIENCE,
  GITHUB_ISSUER,
  objectIdOf,
  readCertificate,
  type Application,
  type Certificate,
  type Person,
} from './entra/directory.ts'
import { stableGuid } from './stable-id.ts'

/** The application of the ready line. Its secret is long because a short masked value damages logs. */
export const DEFAULT_APP_ID = '5f1c0de5-0000-4000-8000-00000000c11e'
export const DEFAULT_SECRET = 'emulated~client-secret~that-is-no-secret~0001'
export const TENANT_ID = '7e4a4700-0000-4000-8000-000000000001'

/** The person who can sign in when the configuration names none. */
const DEFAULT_USER: UserConfig = {
  userName: 'maker@contoso.example',
  password: 'emulated~password~that-is-no-secret~0001',
}

export const DEFAULT_SUBJECT = 'repo:contoso@1001/orders@2001:ref:refs/heads/main'

export function readApplications(
  config: EmulatorConfig,
  subject: string,
  baseDir: string,
): readonly Application[] {
  const own: Application = {
    appId: DEFAULT_APP_ID,
    name: 'emulator',
    objectId: objectIdOf(DEFAULT_APP_ID),
    secret: DEFAULT_SECRET,
    federated: [{ issuer: GITHUB_ISSUER, subject, audience: EXCHANGE_AUDIENCE }],
    managedIdentity: true,
  }
  return [...(config.clients ?? []).map((client) => readClient(client, baseDir)), own]
}

function readClient(client: ClientConfig, baseDir: string): Application {
  const appId = client.appId.toLowerCase()
  const { federatedSubject } = client
  return {
    appId,
    name: client.name ?? appId,
    objectId: objectIdOf(appId),
    ...(client.secret === undefined ? {} : { secret: client.secret }),
    ...(client.secretExpires === undefined ? {} : { secretExpires: Date.parse(client.secretExpires) }),
    ...(client.certificate === undefined ? {} : { certificate: certificateOf(client.certificate, baseDir) }),
    federated:
      federatedSubject === undefined
        ? []
        : [
            {
              issuer: client.federatedIssuer ?? GITHUB_ISSUER,
              subject: federatedSubject,
              audience: client.federatedAudience ?? EXCHANGE_AUDIENCE,
            },
          ],
    managedIdentity: client.managedIdentity === true,
  }
}

function certificateOf(source: string, baseDir: string): Certificate {
  try {
    return readCertificate(
      source.includes('-----BEGIN') ? source : readFileSync(resolve(baseDir, source), 'utf8'),
    )
  } catch (error) {
    throw Object.assign(
      new ConfigError('config.clients.certificate must be a PEM certificate or a file with one.'),
      { cause: error },
    )
  }
}

export function readPeople(config: EmulatorConfig): readonly Person[] {
  return (config.users ?? [DEFAULT_USER]).map(({ userName, password }) => ({
    userName,
    password,
    objectId: stableGuid('person', userName),
  }))
}
