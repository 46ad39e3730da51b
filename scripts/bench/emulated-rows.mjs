import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const environments = 200
const solutions = 10_000

/** Start of an emulator of many environments, and a filtered list among many solutions of one of them. */
export async function emulatedRows(work, runs) {
  const config = join(work, 'emulator.json')
  const names = Array.from({ length: environments }, (_, i) => [`env${i}`, { kind: 'developer' }])
  writeFileSync(config, JSON.stringify({ environments: Object.fromEntries(names) }))
  const started = performance.now()
  const child = spawn(process.execPath, ['scripts/emulator.mjs', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const ready = JSON.parse(await firstLine(child.stdout))
    const start = { ms: performance.now() - started, mb: undefined }
    const ask = await client(ready, ready.environments.env0)
    const { value } = await ask('GET', 'publishers?$select=publisherid&$top=1')
    const row = (i) => ({
      uniquename: `bench${i}`,
      friendlyname: `Bench ${i}`,
      version: '1.0.0.0',
      'publisherid@odata.bind': `/publishers(${value[0].publisherid})`,
    })
    for (let i = 0; i < solutions; i += 1) await ask('POST', 'solutions', row(i))
    const times = []
    for (let run = 0; run < runs; run += 1) {
      const asked = performance.now()
      await ask(
        'GET',
        "solutions?$select=uniquename,version&$filter=startswith(uniquename,'bench99')&$orderby=uniquename",
      )
      times.push(performance.now() - asked)
    }
    return { start, list: { ms: times.toSorted((a, b) => a - b)[Math.floor(runs / 2)], mb: undefined } }
  } finally {
    child.kill()
  }
}

async function firstLine(stream) {
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    if (text.includes('\n')) return text.split('\n')[0]
  }
  throw new Error('The emulator ended before it was ready.')
}

async function client({ authority, tenantId, appId, clientSecret }, url) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: clientSecret,
    scope: `${url}/.default`,
  })
  const token = await (
    await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
  ).json()
  return async (method, path, json) => {
    const response = await fetch(`${url}/api/data/v9.2/${path}`, {
      method,
      headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}
