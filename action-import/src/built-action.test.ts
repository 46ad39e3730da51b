import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emulatedActions } from './testing/emulated-actions.ts'
import type { EmulatedAction } from './testing/emulated-actions.ts'

const { act, seeded, server, workspace, freshEnvironment } = emulatedActions()

function bodyOf({ requests }: EmulatedAction, action: string): unknown {
  return requests.find(({ method, path }) => method === 'POST' && path.endsWith(`/${action}`))?.body
}

describe('every official input has its official effect', () => {
  test('none: the defaults, as a job of the server and never synchronous (C12, C24, C54)', async () => {
    const done = await act({})
    expect(done.code).toBe(0)
    expect(bodyOf(done, 'ImportSolutionAsync')).toMatchObject({
      OverwriteUnmanagedCustomizations: false,
      PublishWorkflows: true,
    })
    expect(done.outputs).toMatchObject({
      decision: 'install',
      changed: 'true',
      version: '1.1.0.0',
      'import-status': 'succeeded',
    })
    expect(done.outputs['import-job-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(done.requests.filter(({ path }) => path.endsWith('/ImportSolution'))).toEqual([])
    // What a report of a fault needs: our version, that of Node, that of the service.
    expect(done.log).toMatch(/\d+\.\d+\.\d+, Node v\d+\.\d+\.\d+ on .*Dataverse 9\.\d/s)
  })

  test.each([
    [{ 'activate-plugins': 'False' }, { PublishWorkflows: false }],
    [{ 'force-overwrite': 'TRUE' }, { OverwriteUnmanagedCustomizations: true }],
    [{ 'skip-dependency-check': 'true' }, { SkipProductUpdateDependencies: true }],
  ])('%j', async (inputs, expected) => {
    expect(bodyOf(await act(inputs), 'ImportSolutionAsync')).toMatchObject(expected)
  })

  test('import-as-holding', async () => {
    const done = await act({ 'import-as-holding': 'true' }, await seeded({ version: '1.0.0.0' }))
    expect(bodyOf(done, 'ImportSolutionAsync')).toMatchObject({ HoldingSolution: true })
    expect(done.outputs).toMatchObject({ decision: 'stage', version: '1.0.0.0' })
  })

  test('stage-and-upgrade (C81)', async () => {
    const done = await act({ 'stage-and-upgrade': 'true' }, await seeded({ version: '1.0.0.0' }))
    expect(bodyOf(done, 'StageAndUpgradeAsync')).toMatchObject({ PublishWorkflows: true })
    expect(done.outputs).toMatchObject({
      decision: 'upgrade',
      'previous-version': '1.0.0.0',
      version: '1.1.0.0',
    })
  })

  test('skip-lower-version, as its own result (C65)', async () => {
    const done = await act({ 'skip-lower-version': 'true' }, await seeded({ version: '1.1.0.0' }))
    expect(done.outputs).toMatchObject({ decision: 'skip', changed: 'false', 'import-status': 'skipped' })
    expect(
      done.requests.filter(({ method, service }) => method !== 'GET' && service === 'dataverse'),
    ).toEqual([])
  })

  test('publish-changes, after the import has ended (C19)', async () => {
    const done = await act({ 'publish-changes': 'true' })
    const order = done.requests.map(({ path }) => path)
    const published = order.findIndex((path) => path.endsWith('/PublishAllXml'))
    expect(published).toBeGreaterThan(order.findLastIndex((path) => path.includes('/asyncoperations(')))
    expect(published).toBeGreaterThan(order.findIndex((path) => path.endsWith('/ImportSolutionAsync')))
  })

  test('publish-changes, once, also when the connection is cut while it publishes (C16)', async () => {
    const environmentName = await freshEnvironment()
    server().faults([
      { fault: 'reset-after', environment: environmentName, path: 'PublishAllXml', method: 'POST' },
    ])
    const { code, requests } = await act({ 'publish-changes': 'true' }, { environmentName })
    expect(code).toBe(0)
    const published = requests.filter(({ path }) => path.endsWith('/PublishAllXml'))
    expect(published).toEqual([expect.objectContaining({ fault: 'reset-after' })])
  })

  test('working-directory, and backslashes in paths', async () => {
    const done = await act({
      'working-directory': '..',
      'solution-file': `${workspace().split('/').at(-1)}\\core.zip`,
    })
    expect(done.code).toBe(0)
  })

  test('deployment-settings-file counts when it is given, and not when the switch beside it says no', async () => {
    const settings = {
      EnvironmentVariables: [{ SchemaName: 'c_Unknown', Value: 'a-value-that-nobody-may-see' }],
    }
    await writeFile(join(workspace(), 'settings.json'), JSON.stringify(settings))
    const given = await act({ 'deployment-settings-file': 'settings.json' })
    expect(given.log).toMatch(
      /::warning::There is no 'c_Unknown', which 'deployment-settings-file' settings.json sets/,
    )
    expect(given.stdout + given.summary).not.toContain('nobody-may-see')
    const refused = await act({
      'deployment-settings-file': 'settings.json',
      'use-deployment-settings-file': 'false',
    })
    expect(refused.log).toMatch(/::warning::'deployment-settings-file' is given but ignored/)
    const missing = await act({ 'use-deployment-settings-file': 'true' })
    expect(missing.log).toMatch(/::error::.*'deployment-settings-file' is not given/)
  })

  test.each(['run-asynchronously', 'convert-to-managed'])(
    '%s is accepted with a notice (C12)',
    async (name) => {
      const { code, log } = await act({ [name]: 'true' })
      expect(code).toBe(0)
      expect(log).toContain(`::notice::Input '${name}' has no effect`)
    },
  )

  test('canceling ends the step, not the import (C14)', async () => {
    const environmentName = await freshEnvironment()
    server().faults([{ job: 'ImportSolutionAsync', environment: environmentName, seconds: 7_200 }])
    const { log, outputs, code } = await act(
      {},
      {
        environmentName,
        whenLogged: ['Import job', (step) => step.signal('SIGTERM')],
      },
    )
    expect(code).toBe(1)
    expect(log).toMatch(
      /::error::The step was canceled\. The import of core 1\.1\.0\.0 \(install\) goes on.*'async-operation-id: /,
    )
    expect(outputs).toMatchObject({ 'import-status': 'still-running' })
    expect(outputs['async-operation-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('what bad input gets: one message before any request (C59)', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ 'solution-file': '' }, /Input 'solution-file' is required/],
    [{ 'solution-file': 'absent.zip' }, /absent\.zip does not exist\. There is: broken\.zip, core\.zip/],
    [{ 'solution-file': 'broken.zip' }, /broken\.zip is no solution archive/],
    [{ 'solution-file': '.' }, /is a folder/],
    [{ 'environment-url': '' }, /'environment-url' is missing/],
    [{ 'environment-url': 'https://make.powerapps.com/environments/x' }, /the Power Apps maker portal/],
    [
      { 'environment-url': 'contoso.crm4.dynamics.com' },
      /Did you mean https:\/\/contoso\.crm4\.dynamics\.com/,
    ],
    [{ 'force-overwrite': 'yes' }, /'force-overwrite' is 'yes'; it must be true or false/],
    [
      { 'max-async-wait-time': 'soon' },
      /'max-async-wait-time' is 'soon'; it must be a whole number of minutes/,
    ],
    [{ 'import-as-holding': 'true', 'stage-and-upgrade': 'true' }, /are both true/],
    [
      { mode: 'update', 'stage-and-upgrade': 'true' },
      /'stage-and-upgrade' is true, which is mode 'upgrade', and 'mode' is 'update'/,
    ],
    [{ mode: 'promot', 'solution-name': 'core' }, /Did you mean 'promote'/],
    [{ 'user-name': 'me', 'password-secret': 'a-password-of-mine' }, /Too many authentication parameters/],
    [{ 'async-operation-id': '17' }, /'async-operation-id' is '17'/],
  ])('%j', async (inputs, words) => {
    const { code, log, requests } = await act(inputs)
    expect(code).toBe(1)
    expect(log.match(/::error::/g)).toHaveLength(1)
    expect(log).toMatch(words)
    expect(requests).toEqual([])
  })
})
