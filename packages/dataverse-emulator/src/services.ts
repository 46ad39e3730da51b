import { createAdmin } from './admin/admin-api.ts'
import { createArtifactService } from './artifacts/artifact-service.ts'
import { DEFAULT_APP_ID, DEFAULT_SECRET, TENANT_ID } from './directory-config.ts'
import { createAuthority } from './entra/authority.ts'
import { signingKey } from './entra/jwt.ts'
import { createGithub, type Push } from './github/github-api.ts'
import { createAssetStore } from './github/routes/releases.ts'
import { createRunnerOidc } from './github/runner-oidc.ts'
import type { Handler } from './http/exchange.ts'
import type { Service } from './http/serve.ts'
import { createWebApi } from './odata/web-api.ts'
import type { SolutionSeed } from './solutions/seed.ts'
import { addFaults, type World } from './world.ts'

/** What `pnpm emulator` prints in one line when everything listens. */
export interface ReadyLine {
  readonly authority: string
  readonly tenantId: string
  readonly appId: string
  readonly clientSecret: string
  /** Base URLs by environment name. */
  readonly environments: Readonly<Record<string, string>>
  readonly github: string
  readonly admin: string
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string }
  readonly artifacts: string
}

/** What brings something into a world that runs. */
export interface Entries {
  readonly seed: (environment: string, seed: SolutionSeed) => void
  readonly push: (push: Push) => void
}

const REQUEST_TOKEN = 'emulated-runner-request-token-that-is-no-secret'

/**
 * Opens every service of a world.
 * @param open has one listen, and tells its origin
 */
export async function openServices(
  world: World,
  { seed, push }: Entries,
  open: (service: Service) => Promise<string>,
): Promise<ReadyLine> {
  const { environments, clock, settings } = world
  const [entraKey, githubKey] = await Promise.all([signingKey('entra'), signingKey('github')])
  const tokenLifetime = () => settings.tokenLifetimeSeconds
  const handle = createAuthority({
    directory: world.directory,
    clock,
    key: entraKey,
    githubKey,
    tokenLifetime,
  })
  const authority = await open({ name: 'entra', handle })
  await Promise.all(
    environments.map(async (environment) => {
      environment.authority = authority
      environment.origin = await open({
        name: 'dataverse',
        environment: environment.name,
        handle: createWebApi(environment, entraKey.publicKey),
      })
    }),
  )
  const run = {
    subject: world.subject,
    repository: 'contoso/orders',
    ref: 'refs/heads/main',
    requestToken: REQUEST_TOKEN,
  }
  const oidc = await open({ name: 'oidc', handle: createRunnerOidc(run, githubKey, clock) })
  const admin = await open({
    name: 'admin',
    handle: createAdmin({
      ...world,
      addFaults: (list) => addFaults(world, list),
      seed,
      push,
      forgetRuns() {
        world.repositories.clear()
        world.artifacts.clear()
      },
    }),
  })
  const { github, artifacts } = await openGithub(world, open)
  return {
    authority,
    tenantId: TENANT_ID,
    appId: DEFAULT_APP_ID,
    clientSecret: DEFAULT_SECRET,
    environments: Object.fromEntries(environments.map(({ name, origin }) => [name, origin])),
    github,
    admin,
    oidc: { requestUrl: `${oidc}/oidc/token?api-version=2.0`, requestToken: REQUEST_TOKEN },
    artifacts,
  }
}

/** The API, and the store of what is too large for it. */
async function openGithub(
  { github, repositories, artifacts, clock }: World,
  open: (service: Service) => Promise<string>,
): Promise<Pick<ReadyLine, 'github' | 'artifacts'>> {
  const places = {
    artifacts,
    uploadFailures: new Set(github.uploadFailures),
    // Known when both servers run, and before anything is asked of them.
    storage: '',
    api: '',
  }
  const api = createGithub(github, repositories, places, clock)
  places.storage = await open({
    name: 'artifacts',
    handle: createStorage({
      artifacts: createArtifactService(artifacts, clock),
      assets: createAssetStore(repositories),
      uploads: api,
    }),
  })
  places.api = await open({ name: 'github', handle: api })
  return { github: places.api, artifacts: `${places.storage}/` }
}

/** One store for all that signed addresses lead to, and the host that takes uploads. */
function createStorage(handlers: Readonly<Record<'artifacts' | 'assets' | 'uploads', Handler>>): Handler {
  return (request) => {
    const { path } = request
    if (path.startsWith('/release-assets/')) return handlers.assets(request)
    if (path.startsWith('/uploads.github.com/')) return handlers.uploads(request)
    return handlers.artifacts(request)
  }
}
