import { basename } from 'node:path'
import { TransportError } from '@dsa/dataverse-client'
import { installedRow, JOB, OPERATION } from './testing/scripted-environment.ts'
import type { Answers, World } from './testing/scripted-environment.ts'
import { imported, there } from './testing/scripted-run.ts'

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

test('a sending that the service refuses in so many words has failed, and nobody is left to wonder', async () => {
  const refused: Answers = [
    [
      /^POST ImportSolutionAsync/,
      () => ({ status: 400, json: { error: { code: '0x8004801c', message: 'Another publisher.' } } }),
    ],
  ]
  const { failure, result } = await imported({}, refused)
  expect(failure).toContain('Another publisher.')
  expect(result).toMatchObject({ 'import-status': 'failed' })
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
  expect(lines.join('\n')).toMatch(
    /warning: There is no 'c_Nothing', which 'environment-variables' sets, in the archive or in the environment/,
  )
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
  expect(failure).toMatch(/Install Base ≥ 2\.0: needed by 1 component\./)
  expect(summary.join('\n')).toContain('Table f_base | Base (2.0) | Form or dashboard Main form')
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
  expect(failure).toMatch(/failed in https:\/\/prod.*0x8004801e The import failed\./)
  expect(summary.join('\n')).toMatch(
    /error \| workflow \| Notify \| 0x80060467 Flow client error \| A flow could not/,
  )
  expect(result).toMatchObject({ 'import-status': 'failed', errors: 1 })
  expect(uploads.map(([name, files]) => [name, files.map((file) => basename(file))])).toEqual([
    ['import-log', [expect.any(String), 'import-results.xml']],
  ])
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
  let wasSent = false
  const onceSent = (row: object) => () => ({ json: { value: wasSent ? [row] : [] } })
  const answers: Answers = [
    [
      /^POST ImportSolutionAsync/,
      () => {
        wasSent = true
        return lost
      },
    ],
    [/^GET asyncoperations\?/, onceSent(operation)],
    [
      /^GET importjobs\?/,
      onceSent({ importjobid: JOB, solutionname: 'core', startedon: '2026-01-01T00:00:00Z' }),
    ],
    [/^GET solutions/, onceSent(installedRow('1.1.0.0'))],
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
