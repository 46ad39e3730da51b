import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from './settings-sources.ts'
import type { SettingsSources } from './settings-sources.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function sources(
  file: object | undefined,
  more: Partial<SettingsSources> = {},
): Promise<SettingsSources> {
  const path = join(folder, 'test.json')
  if (file !== undefined) await writeFile(path, JSON.stringify(file))
  return {
    file: file && { path, input: 'test.json' },
    variableLines: [],
    referenceLines: [],
    env: {},
    ...more,
  }
}

test('inputs go over the file; what they do not say stays', async () => {
  const file = {
    EnvironmentVariables: [
      { SchemaName: 'c_A', Value: 'from the file' },
      { SchemaName: 'c_B', Value: 'stays' },
    ],
    ConnectionReferences: [{ LogicalName: 'c_ref', ConnectionId: 'old', ConnectorId: '/apis/x' }],
  }
  const read = await readSettings(
    await sources(file, {
      variableLines: ['C_A=from=the input', 'c_C = new'],
      referenceLines: ['c_ref=new-connection'],
    }),
  )
  expect(read.environmentVariables.map(({ value, from }) => [value, from])).toEqual([
    ['from=the input', "'environment-variables'"],
    ['stays', "'deployment-settings-file' test.json"],
    ['new', "'environment-variables'"],
  ])
  expect(read.connectionReferences).toMatchObject([
    { logicalName: 'c_ref', connectionId: 'new-connection', connectorId: '/apis/x' },
  ])
})

test('prefixed variables of the step go over the file and below the inputs', async () => {
  const file = {
    EnvironmentVariables: [
      { SchemaName: 'c_A', Value: 'file' },
      { SchemaName: 'c_B', Value: 'file' },
    ],
  }
  const env = {
    DATAVERSE_VARIABLE_c_A: 'step',
    DATAVERSE_VARIABLE_c_B: 'step',
    DATAVERSE_VARIABLE_c_C: '',
    DATAVERSE_CONNECTION_c_ref: 'conn',
  }
  const read = await readSettings(await sources(file, { env, variableLines: ['c_B=input'] }))
  expect(read.environmentVariables.map(({ value }) => value)).toEqual(['step', 'input'])
  expect(read.connectionReferences).toMatchObject([
    { logicalName: 'c_ref', connectionId: 'conn', connectorId: '' },
  ])
})

test('tokens come from the environment of the step; a doubled dollar sign keeps them', async () => {
  const file = { EnvironmentVariables: [{ SchemaName: 'c_A', Value: 'https://${HOST}/$${HOST}' }] }
  const read = await readSettings(await sources(file, { env: { HOST: 'example.com' } }))
  expect(read.environmentVariables).toMatchObject([
    { schemaName: 'c_A', value: 'https://example.com/${HOST}' },
  ])
})

test('two double quotes set to empty, an empty value sets nothing', async () => {
  const file = {
    EnvironmentVariables: [
      { SchemaName: 'c_A', Value: '""' },
      { SchemaName: 'c_B', Value: '' },
    ],
  }
  const read = await readSettings(await sources(file, { variableLines: ['c_C=""'] }))
  expect(read.environmentVariables).toMatchObject([
    { schemaName: 'c_A', value: '' },
    { schemaName: 'c_C', value: '' },
  ])
})

test('what is wrong is named, never a value', async () => {
  const token = { EnvironmentVariables: [{ SchemaName: 'c_A', Value: 'hush-hush ${NOT_SET}' }] }
  await expect(readSettings(await sources(token))).rejects.toThrow(
    /uses 'NOT_SET', which the step's environment does not have/,
  )
  await expect(readSettings(await sources(token))).rejects.not.toThrow(/hush/)
  await expect(readSettings(await sources(undefined, { variableLines: ['hush-hush'] }))).rejects.toThrow(
    /there is no =/,
  )
  await expect(readSettings(await sources(undefined, { variableLines: ['c_A='] }))).rejects.toThrow(
    /'c_A' has no value/,
  )
  await expect(
    readSettings({
      ...(await sources({})),
      file: { path: join(folder, 'absent.json'), input: 'config/absent.json' },
    }),
  ).rejects.toThrow("'deployment-settings-file' config/absent.json does not exist. There is: test.json.")
})

test('what nothing replaced is remembered; a doubled dollar sign is meant', async () => {
  const file = {
    EnvironmentVariables: [
      { SchemaName: 'c_A', Value: '#{Host}#' },
      { SchemaName: 'c_B', Value: '$${HOST}' },
      { SchemaName: 'c_C', Value: '${Some.Host}' },
    ],
  }
  const read = await readSettings(await sources(file, { variableLines: ['c_D=${HOST}'] }))
  expect(read.environmentVariables.map(({ token }) => token)).toEqual([
    '#{Host}#',
    undefined,
    '${Some.Host}',
    '${HOST}',
  ])
})
