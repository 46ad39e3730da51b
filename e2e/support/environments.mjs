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
export async function installedSolutions(ready, name, uniqueName) {
  const { value } = await call(
    ready,
    name,
    'GET',
    `solutions?$select=version,ismanaged&$filter=uniquename eq '${uniqueName}'`,
  )
  return value.map(({ version, ismanaged }) => ({ version, ismanaged }))
}

/** The text of a web resource. */
export async function scriptOf(ready, environment, name) {
  const { content } = await webResource(ready, environment, name)
  return Buffer.from(content, 'base64').toString('utf8')
}

/** Changes a web resource, as a person does in the maker portal. */
export async function writeScript(ready, environment, name, text) {
  const { webresourceid: id } = await webResource(ready, environment, name)
  await call(ready, environment, 'PATCH', `webresourceset(${id})`, {
    content: Buffer.from(text).toString('base64'),
  })
  await call(ready, environment, 'POST', 'PublishAllXml', {})
}

/** Takes off what was changed by hand. */
export async function removeLayer(ready, environment, name) {
  const { webresourceid: ComponentId } = await webResource(ready, environment, name)
  await call(ready, environment, 'POST', 'RemoveActiveCustomizations', {
    SolutionComponentName: 'WebResource',
    ComponentId,
  })
}

async function webResource(ready, environment, name) {
  const { value } = await call(ready, environment, 'GET', `webresourceset?$filter=name eq '${name}'`)
  return value[0]
}

async function call({ authority, tenantId, environments }, name, method, path, body) {
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
  const answer = await fetch(`${origin}/api/data/v9.2/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** Lets the next job of a kind fail, or take long. */
export async function fault({ admin }, item) {
  const answer = await fetch(`${admin}/faults`, { method: 'POST', body: JSON.stringify(item) })
  if (!answer.ok) throw new Error(await answer.text())
}
