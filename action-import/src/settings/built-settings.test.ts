import { connect } from '../../../packages/dataverse-auth/src/index.ts'
import { createHttp, listEnvironmentVariables } from '@dsa/dataverse-client'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emulatedActions } from '../testing/emulated-actions.ts'
import { solutionArchive, variableFiles, world } from '../testing/scripted-environment.ts'

const { act, freshEnvironment, seeded, server, workspace } = emulatedActions({ jobSeconds: 0.01 })

const files = variableFiles({
  c_Days: 100_000_001,
  c_On: 100_000_002,
  c_Rules: 100_000_003,
  c_Secret: 100_000_005,
  c_Text: 100_000_000,
})

const http = createHttp({ env: {} })
afterAll(() => http.close())

beforeAll(async () => {
  await writeFile(join(workspace(), 'variables.zip'), await solutionArchive({ files }))
})

async function settingsFile(name: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  const EnvironmentVariables = Object.entries(values).map(([SchemaName, Value]) => ({ SchemaName, Value }))
  await writeFile(join(workspace(), name), JSON.stringify({ EnvironmentVariables }))
}

const wrong = {
  c_Days: 'abc-hush',
  c_On: 'on-hush',
  c_Rules: '{a:hush',
  c_Secret: 'hush',
  c_Text: '#{hush-token}#',
}

test.each(['check', 'auto'])(
  'values that cannot be of the type that the archive declares are findings, each by its name (%s)',
  async (mode) => {
    await settingsFile('wrong.json', wrong)
    const step = await act({
      mode,
      'solution-file': 'variables.zip',
      'deployment-settings-file': 'wrong.json',
      'environment-variables': 'c_Texd=1',
    })
    expect(step.code).toBe(1)
    expect(step.outputs).toMatchObject({ findings: '4' })
    const [error = ''] = step.annotations
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message)
    const from = "from 'deployment-settings-file' wrong.json"
    expect(error.split('\n').slice(1)).toEqual([
      `The environment variable 'c_Days' ${from}: its type is number, and its value is not a number such as 5 or -1.5.`,
      `The environment variable 'c_On' ${from}: its type is yes/no, and its value is not 'yes' or 'no'.`,
      `The environment variable 'c_Rules' ${from}: its type is JSON, and its value is not valid JSON.`,
      expect.stringContaining(
        `'c_Secret' ${from}: its type is secret, and its value is not a Key Vault reference`,
      ),
    ])
    const warnings = step.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)
    expect(warnings).toEqual(
      expect.arrayContaining([
        `The environment variable 'c_Text' ${from}: nothing replaced '#{hush-token}#' in its value.`,
        "There is no 'c_Texd', which 'environment-variables' sets, in the archive or in the environment. Did you mean 'c_Text'?",
      ]),
    )
    expect(
      step.stdout.replaceAll('#{hush-token}#', '') + step.summary.replaceAll('hush-token', ''),
    ).not.toContain('hush')
    expect(
      step.requests.some(
        ({ method, path }) => method === 'POST' && /ImportSolution|StageAndUpgrade/.test(path),
      ),
    ).toBe(false)
  },
)

test('good values are no findings; true and false are stored as yes and no; they are checked without an import too', async () => {
  await settingsFile('right.json', { c_Days: 5, c_On: true, c_Rules: '{"a":1}' })
  const environmentName = await freshEnvironment()
  const inputs = { 'solution-file': 'variables.zip', 'deployment-settings-file': 'right.json' }
  const done = await act(inputs, { environmentName })
  expect(done).toMatchObject({ code: 0, outputs: { changed: 'true', warnings: '0' } })
  expect(await valuesIn(environmentName)).toMatchObject({ c_Days: '5', c_On: 'yes', c_Rules: '{"a":1}' })

  await settingsFile('right.json', { c_Days: '6', c_On: 'False' })
  const skipped = await act({ ...inputs, 'if-same-version': 'skip' }, { environmentName })
  expect(skipped).toMatchObject({ code: 0, outputs: { decision: 'skip', changed: 'true' } })
  expect(await valuesIn(environmentName)).toMatchObject({ c_Days: '6', c_On: 'no' })

  const settings = { mode: 'settings', 'solution-file': '' }
  await settingsFile('right.json', { c_Days: 'many', c_On: 'yes' })
  const refused = await act({ ...inputs, ...settings }, { environmentName })
  expect(refused.code).toBe(1)
  expect(refused.log).toContain(
    'The settings were not applied; nothing was changed.%0AThe environment variable',
  )
  expect(await valuesIn(environmentName)).toMatchObject({ c_Days: '6', c_On: 'no' })
})

test('solution-name of another solution than the archive is refused before any request', async () => {
  const step = await act({ 'solution-name': 'cor' })
  expect(step.code).toBe(1)
  expect(step.log).toContain(
    "Input 'solution-name' is 'cor', but 'solution-file' core.zip is the solution 'core'.",
  )
  expect(step.requests).toEqual([])
})

test('what is wrong with settings is found by a check of a version that is there already', async () => {
  const environment = await seeded({ files })
  const inputs = { 'solution-file': 'variables.zip', 'if-same-version': 'skip', mode: 'check' }
  const wrongNumber = await act({ ...inputs, 'environment-variables': 'c_Days=abc-hush' }, environment)
  expect(wrongNumber).toMatchObject({ code: 1, outputs: { decision: 'skip', findings: '1' } })
  expect(wrongNumber.summary).toContain('Check only: nothing was changed. 1 finding would stop')
  expect(wrongNumber.log).toContain("'c_Days' from 'environment-variables': its type is number")
  const right = await act({ ...inputs, 'environment-variables': 'c_Days=5' }, environment)
  expect(right).toMatchObject({ code: 0, outputs: { changed: 'false', findings: '0' } })
  expect(await valuesIn(environment.environmentName)).toMatchObject({ c_Days: undefined })
})

test('settings that are missing stop a strict run where the version is there already', async () => {
  const reference = 'connectionreferencelogicalname="c_ref"'
  const sections = `<connectionreferences><connectionreference ${reference}><connectionreferencedisplayname>c_ref</connectionreferencedisplayname><connectorid>/providers/Microsoft.PowerApps/apis/shared_x</connectorid></connectionreference></connectionreferences>`
  const spec = { sections, files: variableFiles({ c_Text: 100_000_000 }) }
  await writeFile(join(workspace(), 'references.zip'), await solutionArchive(spec))
  const inputs = { 'solution-file': 'references.zip', 'if-same-version': 'skip' }
  const strict = { ...inputs, 'fail-on': 'missing-settings' }
  const environment = await seeded(spec)
  expect(await act(inputs, environment)).toMatchObject({ code: 0, outputs: { decision: 'skip' } })
  for (const mode of ['check', 'auto']) {
    const stopped = await act({ ...strict, mode }, environment)
    expect(stopped).toMatchObject({ code: 1, outputs: { decision: 'skip', findings: '2' } })
    expect(stopped.log).toContain("The connection reference 'c_ref' has no connection")
    expect(stopped.log).toContain("The environment variable 'c_Text' has neither a default nor a value")
  }
  const given = { 'environment-variables': 'c_Text=a', 'connection-references': 'c_ref=0a1b' }
  expect(await act({ ...strict, ...given }, environment)).toMatchObject({ code: 0 })
})

test('a value keeps its number sign, and a place-holder in it is seen', async () => {
  const environmentName = await freshEnvironment()
  const inputs = { 'solution-file': 'variables.zip' }
  const kept = await act(
    { ...inputs, 'environment-variables': '# the days\nc_Days=5\nc_Text=Sales #general' },
    { environmentName },
  )
  expect(kept.code).toBe(0)
  expect(await valuesIn(environmentName)).toMatchObject({ c_Days: '5', c_Text: 'Sales #general' })
  const token = await act({ ...inputs, 'environment-variables': 'c_Days= #{DAYS}#' }, { environmentName })
  expect(token.code).toBe(1)
  expect(token.log).toContain(
    "its value is not a number such as 5 or -1.5: nothing replaced '#{DAYS}#' in it",
  )
})

test('true is stored as yes, also where only the environment tells the type', async () => {
  const environment = await seeded({ name: 'other', files })
  const done = await act({ 'environment-variables': 'c_On=true' }, environment)
  expect(done.code).toBe(0)
  expect(done.log).not.toContain('did not set')
  expect(await valuesIn(environment.environmentName)).toMatchObject({ c_On: 'yes' })
})

async function valuesIn(environment: string): Promise<Record<string, unknown>> {
  const { authority, tenantId, appId, clientSecret, environments } = server().ready
  const client = await connect(
    { environmentUrl: environments[environment], authority, tenantId, appId, clientSecret, cloud: 'Public' },
    { ...world('').deps, fetch: http.fetch },
  )
  const found = await listEnvironmentVariables(client, ['c_Days', 'c_On', 'c_Rules', 'c_Text'])
  return Object.fromEntries(found.map(({ schemaName, value }) => [schemaName, value?.text]))
}
