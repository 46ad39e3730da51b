import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TransportError } from '@dsa/dataverse-client'
import { run } from './run.ts'
import {
  inputs,
  installedRow,
  JOB,
  OPERATION,
  solutionArchive,
  withArchive,
  world,
} from './scripted-environment.ts'
import type { Answers, ArchiveSpec, World } from './scripted-environment.ts'

const there = (version: string, more: object = {}): Answers[number] => [
  /^GET solutions\?.*uniquename eq/,
  () => ({ json: { value: [installedRow(version, more)] } }),
]

/** One run in a folder of its own. @returns the world, the outputs, and the error if there was one */
const imported = async (
  spec: ArchiveSpec,
  answers: Answers,
  change: Parameters<typeof inputs>[0] = {},
  prepare: (root: string, world: World) => Promise<void> | void = () => {},
  environment: Readonly<Record<string, string>> = {},
): Promise<World & { result: Record<string, unknown>; failure: string }> => {
  let outcome: (World & { result: Record<string, unknown>; failure: string }) | undefined
  await withArchive(spec, async (root) => {
    const own = world(root, answers, environment)
    await prepare(root, own)
    try {
      const returned = await run(inputs(change), own.deps)
      outcome = { ...own, result: { ...own.outputs, ...returned }, failure: '' }
    } catch (error) {
      outcome = { ...own, result: own.outputs, failure: String(error) }
    }
  })
  if (outcome === undefined) throw new Error('It did not run.')
  return outcome
}

test('an install stages, imports once, and gives ids, versions and status', async () => {
  const { writes, result, asked, failure } = await imported({}, [])
  expect(failure).toBe('')
  expect(writes()).toEqual(['POST StageSolution', 'POST ImportSolutionAsync'])
  expect(result).toMatchObject({
    decision: 'install',
    'previous-version': '',
    version: '1.1.0.0',
    changed: true,
    'import-status': 'succeeded',
    'async-operation-id': OPERATION,
    'import-job-id': JOB,
  })
  const sent: unknown = JSON.parse(asked.find(({ path }) => path === 'ImportSolutionAsync')?.body ?? '')
  expect(sent).toEqual({
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: true,
    SolutionParameters: { StageSolutionUploadId: 'upload' },
  })
})

test('a refusal sends nothing and says the way out', async () => {
  const { writes, failure, result } = await imported({ managed: false }, [])
  expect(writes()).toEqual([])
  expect(failure).toMatch(/unmanaged and the environment is a production one.*allow-unmanaged-in-production/)
  expect(result).toMatchObject({ decision: 'refuse' })
})

test('environment-kind overrides what the environment says of itself', async () => {
  const { writes, result } = await imported({ managed: false }, [], { environmentKind: 'sandbox' })
  expect(result).toMatchObject({ decision: 'import' })
  expect(writes()).toContain('POST ImportSolutionAsync')
})

test('an upgrade that is asked for is one request', async () => {
  const { writes, result } = await imported({}, [there('1.0.0.0')], { wishes: { mode: 'upgrade' } })
  expect(writes()).toEqual(['POST StageSolution', 'POST StageAndUpgradeAsync'])
  expect(result).toMatchObject({ decision: 'upgrade', 'previous-version': '1.0.0.0' })
})

test('staging beside the old version is an import with the holding flag', async () => {
  const { asked, result } = await imported({}, [there('1.0.0.0')], { wishes: { mode: 'stage' } })
  expect(asked.find(({ path }) => path === 'ImportSolutionAsync')?.body).toContain('"HoldingSolution":true')
  expect(result).toMatchObject({ decision: 'stage', version: '1.0.0.0' })
})

test('a skipped import still applies the settings', async () => {
  const answers: Answers = [
    there('1.1.0.0'),
    [
      /^GET environmentvariabledefinitions/,
      () => ({
        json: {
          value: [
            {
              environmentvariabledefinitionid: 'd',
              schemaname: 'c_Mail',
              environmentvariabledefinition_environmentvariablevalue: [
                { environmentvariablevalueid: 'v', value: 'old' },
              ],
            },
          ],
        },
      }),
    ],
  ]
  const { writes, result, asked } = await imported({}, answers, {
    wishes: { skipLowerVersion: true },
    variableLines: ['c_Mail=new'],
  })
  expect(writes()).toEqual(['PATCH environmentvariablevalues'])
  expect(asked.find(({ method }) => method === 'PATCH')?.body).toBe('{"value":"new"}')
  expect(result).toMatchObject({
    decision: 'skip',
    changed: true,
    'import-status': 'skipped',
    version: '1.1.0.0',
  })
})

test('settings of components in the archive travel with the import, with the id of the value that is there', async () => {
  const answers: Answers = [
    [
      /^POST StageSolution/,
      () => ({
        json: {
          StageSolutionResults: {
            StageSolutionUploadId: 'upload',
            StageSolutionStatus: 'Passed',
            SolutionComponentsDetails: [
              {
                ComponentTypeName: 'EnvironmentVariableDefinition',
                Attributes: { Keys: ['schemaname'], Values: ['c_Mail'] },
              },
              {
                ComponentTypeName: 'EnvironmentVariableValue',
                Attributes: {
                  Keys: ['schemaname', 'environmentvariablevalueid'],
                  Values: ['c_Mail', 'packed-id'],
                },
              },
              {
                ComponentTypeName: 'connectionreference',
                Attributes: {
                  Keys: ['connectionreferencelogicalname', 'connectorid'],
                  Values: ['c_ref', '/apis/shared_x'],
                },
              },
            ],
          },
        },
      }),
    ],
  ]
  const { asked, lines } = await imported({}, answers, {
    variableLines: ['c_Mail=a-value', 'c_Nothing=x'],
    referenceLines: ['c_ref=connection-1'],
  })
  const sent: { ComponentParameters?: unknown } = JSON.parse(
    asked.find(({ path }) => path === 'ImportSolutionAsync')?.body ?? '{}',
  )
  expect(sent.ComponentParameters).toEqual([
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.environmentvariablevalue',
      schemaname: 'c_Mail',
      environmentvariablevalueid: 'packed-id',
      value: 'a-value',
    },
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
      connectionreferencelogicalname: 'c_ref',
      connectionreferencedisplayname: '',
      description: '',
      connectorid: '/apis/shared_x',
      connectionid: 'connection-1',
    },
  ])
  expect(lines.join('\n')).toMatch(/warning: the settings name 'c_Nothing'/)
  expect(lines.join('\n')).not.toContain('a-value')
})

test('a failed staging says everything at once and changes nothing', async () => {
  const answers: Answers = [
    [
      /^POST StageSolution/,
      () => ({
        json: {
          StageSolutionResults: {
            StageSolutionUploadId: '00000000-0000-0000-0000-000000000000',
            StageSolutionStatus: 'Failed',
            SolutionValidationResults: [
              { SolutionValidationResultType: 'Error', ErrorCode: -2147188707, Message: 'Missing.' },
            ],
            MissingDependencies: [
              {
                RequiredComponentType: '1',
                RequiredComponentSchemaName: 'f_base',
                RequiredSolutionName: 'Base (2.0)',
                DependentComponentType: '60',
                DependentComponentDisplayName: 'Main form',
              },
            ],
          },
        },
      }),
    ],
  ]
  const { writes, failure, summary } = await imported({}, answers)
  expect(writes()).toEqual(['POST StageSolution'])
  expect(failure).toMatch(/nothing was changed/)
  expect(failure).toMatch(/0x8004801d Missing\. Install the solutions that supply/)
  expect(failure).toMatch(/missing: Table f_base \(Base \(2\.0\)\), needed by Form or dashboard Main form/)
  expect(summary.join('\n')).toContain('f_base | Table | Base (2.0) | Main form')
  const skipped = await imported({}, answers, { skipDependencyCheck: true })
  expect(skipped.asked.find(({ path }) => path === 'ImportSolutionAsync')?.body).toContain(
    '"CustomizationFile":"UEsD',
  )
})

test('a failed import is read component by component', async () => {
  const answers: Answers = [
    [
      /^GET asyncoperations\(/,
      () => ({
        json: { statecode: 3, statuscode: 31, errorcode: -2147188706, friendlymessage: 'The import failed.' },
      }),
    ],
    [
      /^GET importjobs\(.*data/,
      () => ({
        json: {
          data: '<importexportxml><workflows><workflow id="{1}" LocalizedName="Notify"><result result="failure" errorcode="0x80060467" errortext="Flow client error"/></workflow></workflows></importexportxml>',
        },
      }),
    ],
  ]
  const { failure, summary, result, uploads } = await imported({}, answers, { logArtifactName: 'import-log' })
  expect(failure).toMatch(/failed in https:\/\/prod.*0x8004801e The import failed\..*async operation/)
  expect(summary.join('\n')).toMatch(
    /error \| workflow \| Notify \| 0x80060467 \| Flow client error \| A flow could not/,
  )
  expect(result).toMatchObject({ 'import-status': 'failed', errors: 1 })
  expect(uploads).toEqual(['import-log'])
})

test('a deadline is "still running", with the id to follow it by', async () => {
  const answers: Answers = [[/^GET asyncoperations\(/, () => ({ json: { statecode: 2, statuscode: 20 } })]]
  const { failure, result } = await imported({}, answers, { maxWaitMinutes: 5 })
  expect(failure).toMatch(
    /still running after 5 minutes.*goes on.*'async-operation-id: 0+-0000-4000-8000-0000000000a1'/,
  )
  expect(result).toMatchObject({ 'import-status': 'still-running', 'async-operation-id': OPERATION })
})

test('a canceled workflow stops looking and says that the import goes on', async () => {
  let own: World | undefined
  const answers: Answers = [
    [
      /^GET asyncoperations\(/,
      () => {
        own?.abort(new Error('canceled'))
        return { json: { statecode: 2, statuscode: 20 } }
      },
    ],
  ]
  const { failure, result, asked } = await imported({}, answers, {}, (_, created) => void (own = created))
  expect(failure).toMatch(/The step was canceled\. The import of core 1\.1\.0\.0 \(install\) goes on/)
  expect(result).toMatchObject({ 'import-status': 'still-running' })
  expect(asked.at(-1)?.path).toMatch(/^asyncoperations\(/)
})

test('a lost answer is looked up; the import is sent once', async () => {
  const lost = new TransportError('reset', { code: 'ECONNRESET', neverSent: false })
  const operation = {
    asyncoperationid: OPERATION,
    messagename: 'ImportSolutionAsync',
    statecode: 3,
    statuscode: 30,
    createdon: '2026-01-01T00:00:00Z',
  }
  const answers: Answers = [
    [/^POST ImportSolutionAsync/, () => lost],
    [/^GET asyncoperations\?/, () => ({ json: { value: [operation] } })],
    [
      /^GET importjobs\?/,
      () => ({
        json: { value: [{ importjobid: JOB, solutionname: 'core', startedon: '2026-01-01T00:00:00Z' }] },
      }),
    ],
  ]
  const { writes, result, failure } = await imported({}, answers)
  expect(failure).toBe('')
  expect(writes()).toEqual(['POST StageSolution', 'POST ImportSolutionAsync'])
  expect(result).toMatchObject({
    'async-operation-id': OPERATION,
    'import-job-id': JOB,
    'import-status': 'succeeded',
  })
})

test('an import that met the lock inside its job is started again', async () => {
  let looks = 0
  const answers: Answers = [
    [
      /^GET asyncoperations\(/,
      () =>
        ++looks === 1
          ? {
              json: {
                statecode: 3,
                statuscode: 31,
                message: 'CustomizationLockException: Cannot start another [Import]',
              },
            }
          : { json: { statecode: 3, statuscode: 30 } },
    ],
  ]
  const { writes, failure } = await imported({}, answers)
  expect(failure).toBe('')
  expect(writes()).toEqual([
    'POST StageSolution',
    'POST ImportSolutionAsync',
    'POST StageSolution',
    'POST ImportSolutionAsync',
  ])
})

const entity = (columns: string): string =>
  `<Entity><Name LocalizedName="O">c_order</Name><EntityInfo><entity Name="c_order"><attributes>${columns}</attributes></entity></EntityInfo></Entity>`
const column = (name: string): string =>
  `<attribute PhysicalName="${name}"><LogicalName>${name}</LogicalName></attribute>`

describe('what an upgrade deletes', () => {
  const roots = '<RootComponent type="1" schemaName="c_order" behavior="0" />'
  const now: ArchiveSpec = { roots, entities: entity(column('c_total')) }
  const previous = async (root: string): Promise<void> =>
    writeFile(
      join(root, 'previous.zip'),
      await solutionArchive({
        version: '1.0.0.0',
        roots,
        entities: entity(column('c_total') + column('c_note')),
      }),
    )

  test('stops before data goes, and does it with leave', async () => {
    const change = { previousSolutionFile: 'previous.zip' }
    const stopped = await imported(now, [there('1.0.0.0')], change, previous)
    expect(stopped.writes()).toEqual([])
    expect(stopped.failure).toMatch(
      /Column c_order\.c_note would be deleted with its data.*'allow-data-deletion: true'/,
    )
    const done = await imported(now, [there('1.0.0.0')], { ...change, allowDataDeletion: true }, previous)
    expect(done.writes()).toContain('POST StageAndUpgradeAsync')
    expect(done.result).toMatchObject({ decision: 'upgrade', 'removed-components': 1 })
  })

  test('nothing removed for certain is an update', async () => {
    const { result } = await imported(
      now,
      [there('1.0.0.0')],
      { previousSolutionFile: 'core-before.zip' },
      async (root) =>
        writeFile(join(root, 'core-before.zip'), await solutionArchive({ ...now, version: '1.0.0.0' })),
    )
    expect(result).toMatchObject({ decision: 'update' })
  })

  test('an archive of another version is not used for the comparison', async () => {
    const { lines } = await imported(
      now,
      [there('1.0.5.0')],
      { previousSolutionFile: 'previous.zip' },
      previous,
    )
    expect(lines.join('\n')).toMatch(
      /'previous-solution-file' is core 1\.0\.0\.0, but the environment has core 1\.0\.5\.0/,
    )
  })
})

describe('modes', () => {
  test('check changes nothing and removes its upload', async () => {
    const { writes, result } = await imported({}, [], { mode: 'check' })
    expect(writes()).toEqual(['POST StageSolution', 'DELETE stagesolutionuploads'])
    expect(result).toMatchObject({ decision: 'install', changed: false, findings: 0 })
  })

  test('promote applies what is staged', async () => {
    const holding = installedRow('1.1.0.0', { uniquename: 'core_Upgrade', solutionid: 'holding' })
    const both: Answers = [
      [/^GET solutions/, () => ({ json: { value: [installedRow('1.0.0.0'), holding] } })],
    ]
    const { asked, result } = await imported({}, both, {
      mode: 'promote',
      solutionName: 'core',
      solutionFile: undefined,
    })
    expect(asked.find(({ method }) => method === 'POST')).toMatchObject({
      path: 'DeleteAndPromoteAsync',
      body: '{"UniqueName":"core"}',
    })
    expect(result).toMatchObject({ decision: 'promote', changed: true })
  })

  test('promote with nothing staged is a success without a change', async () => {
    const { writes, result } = await imported({}, [there('1.1.0.0')], {
      mode: 'promote',
      solutionName: 'core',
      solutionFile: undefined,
    })
    expect(writes()).toEqual([])
    expect(result).toMatchObject({ changed: false, version: '1.1.0.0' })
  })

  test('a re-run follows the import that its first attempt left running', async () => {
    const running = {
      asyncoperationid: OPERATION,
      messagename: 'ImportSolutionAsync',
      statecode: 2,
      statuscode: 20,
      _createdby_value: 'me',
    }
    const answers: Answers = [
      [/^GET asyncoperations\?/, () => ({ json: { value: [running] } })],
      [
        /^GET importjobs\?/,
        () => ({ json: { value: [{ importjobid: JOB, solutionname: 'core', completedon: null }] } }),
      ],
    ]
    const { writes, result } = await imported({}, answers, {}, () => {}, { GITHUB_RUN_ATTEMPT: '2' })
    expect(writes()).toEqual([])
    expect(result).toMatchObject({
      decision: 'attach',
      'async-operation-id': OPERATION,
      'import-status': 'succeeded',
    })
  })
})

const flow = (id: string, name: string) => ({ workflowid: id, name, category: 5, statecode: 0 })
const refuse = (text: string) => ({
  status: 400,
  json: { error: { code: '0x80060467', message: text } },
})

test('flows are switched on until nothing more can be, and those that stay off are named with the reason', async () => {
  const on = new Set<string>()
  const answers: Answers = [
    [
      /^GET workflows/,
      () => ({
        json: { value: [flow('parent', 'Parent'), flow('child', 'Child'), flow('lonely', 'Lonely')] },
      }),
    ],
    [
      /^PATCH workflows/,
      ({ path }) => {
        const id = /\((\w+)\)/.exec(path)?.[1] ?? ''
        if (id === 'lonely')
          return refuse('details "{\\"error\\":{\\"code\\":\\"ConnectionAuthorizationFailed\\"}}"')
        if (id === 'parent' && !on.has('child')) return refuse('ChildFlow is off')
        on.add(id)
        return { status: 204 }
      },
    ],
  ]
  const roots = ['parent', 'child', 'lonely']
    .map((id) => `<RootComponent type="29" id="{${id}}" behavior="0" />`)
    .join('')
  const { lines, result, failure } = await imported({ roots }, answers, { flows: 'on' })
  expect(failure).toBe('')
  expect([...on]).toEqual(['child', 'parent'])
  expect(result).toMatchObject({ 'flows-off': 1 })
  expect(lines.join('\n')).toMatch(/warning: The flow 'Lonely' is off: .*share the connection with it/)
})

test('unmanaged layers are reported, and stop it when that is asked for', async () => {
  const answers: Answers = [
    there('1.0.0.0'),
    [
      /^GET msdyn_solutioncomponentsummaries/,
      () => ({
        json: {
          value: [
            {
              msdyn_componenttype: 60,
              msdyn_objectid: 'f',
              msdyn_name: 'Main',
              msdyn_hasactivecustomization: true,
            },
          ],
        },
      }),
    ],
  ]
  const change = { wishes: { mode: 'update' as const } }
  const warned = await imported({}, answers, change)
  expect(warned.lines.join('\n')).toMatch(/warning: Components of core were changed by hand in .* \(1\)/)
  expect(warned.result).toMatchObject({ 'unmanaged-layers': 1, 'import-status': 'succeeded' })
  const stopped = await imported({}, answers, { ...change, reportLayers: 'fail' })
  expect(stopped.writes()).toEqual([])
})

test('publish-changes publishes; an unmanaged import without it gets a notice', async () => {
  const published = await imported({ managed: false }, [], {
    environmentKind: 'developer',
    publishChanges: true,
  })
  expect(published.writes()).toContain('POST PublishAllXml')
  const draft = await imported({ managed: false }, [], { environmentKind: 'developer' })
  expect(draft.lines.join('\n')).toMatch(/notice: What was imported is a draft/)
})

test('a file that is no archive, a folder and a missing file are said before any request', async () => {
  const bad = await imported({}, [], { solutionFile: 'bad.zip' }, (root) =>
    writeFile(join(root, 'bad.zip'), 'PK nonsense'),
  )
  expect(bad.failure).toMatch(/'solution-file' .*bad\.zip is no solution archive/)
  const folder = await imported({}, [], { solutionFile: '.' })
  expect(folder.failure).toMatch(/is a folder.*action-pack/)
  const missing = await imported({}, [], { solutionFile: 'cor.zip' })
  expect(missing.failure).toMatch(/cor\.zip does not exist\. There is: core\.zip/)
  expect([...bad.asked, ...folder.asked, ...missing.asked]).toEqual([])
})
