// Three environments, each with an application of its own that the other two do not know.
import { github } from './pull-requests.mjs'

export const signIns = {
  dev: {
    appId: '0c5a1f8e-0000-4000-8000-0000000000d1',
    secret: 'emulated~client-secret~of-development~0001',
  },
  test: { appId: '0c5a1f8e-0000-4000-8000-0000000000d2', secret: 'emulated~client-secret~of-the-test~0002' },
  prod: {
    appId: '0c5a1f8e-0000-4000-8000-0000000000d3',
    secret: 'emulated~client-secret~of-production~0003',
  },
}

const kinds = { dev: 'developer', test: 'sandbox', prod: 'production' }

/** @param {string} solution folder or archive that dev holds */
export function emulatorConfig(solution) {
  return {
    environments: Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [
        name,
        { kind, roles: [], solutions: name === 'dev' ? [solution] : [] },
      ]),
    ),
    github,
    clients: Object.entries(signIns).map(([name, client]) => ({ ...client, environments: [name] })),
  }
}

/** What an environment itself says about a solution, asked with nothing of ours in between. */
export async function installedSolutions({ authority, tenantId, environments }, name, uniqueName) {
  const { appId, secret } = signIns[name]
  const origin = environments[name]
  const signIn = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: secret,
      scope: `${origin}/.default`,
    }),
  })
  const { access_token: token } = await signIn.json()
  const answer = await fetch(
    `${origin}/api/data/v9.2/solutions?$select=version,ismanaged&$filter=uniquename eq '${uniqueName}'`,
    { headers: { authorization: `Bearer ${token}` } },
  )
  const { value } = await answer.json()
  return value.map(({ version, ismanaged }) => ({ version, ismanaged }))
}
