import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emulatedActions } from '../testing/emulated-actions.ts'
import type { EmulatedAction } from '../testing/emulated-actions.ts'
import { solutionArchive } from '../testing/scripted-environment.ts'

/** What a role for deployments holds that is made by hand. */
const FULL = [
  'prvRead*',
  'prvImportCustomization',
  'prvPublishCustomization',
  'prvWriteSolution',
  'prvCreateCustomization',
  'prvWriteCustomization',
  'prvCreateEntity',
  'prvDeleteStageSolutionUpload',
]
const READS = ['Solution', 'Publisher', 'Customization', 'SystemUser', 'Role', 'StageSolutionUpload'].map(
  (table) => `prvRead${table}`,
)
function without(name: string): readonly string[] {
  return FULL.filter((one) => one !== name)
}
const ROLES = {
  Deployer: FULL,
  'No import': without('prvImportCustomization'),
  'No publish': without('prvPublishCustomization'),
  'No tables': without('prvCreateEntity'),
  'No jobs': [...without('prvRead*'), ...READS],
}
const SECRET = 'the-secret-of-a-deployer-that-is-long-enough'
const appIds = Object.fromEntries(
  [...Object.keys(ROLES), 'System Customizer'].map((role, index) => [
    role,
    `5a6b7c8d-0000-4000-8000-00000000000${index}`,
  ]),
)

const { act, jobsOf, server, workspace, freshEnvironment } = emulatedActions({
  securityRoles: ROLES,
  clients: Object.entries(appIds).map(([role, appId]) => ({
    appId,
    name: role,
    secret: SECRET,
    roles: [role],
  })),
})

beforeAll(async () => {
  const table = '<RootComponent type="1" schemaName="c_order" behavior="0" />'
  const entities =
    '<Entity><Name LocalizedName="c_order" OriginalName="c_order">c_order</Name><EntityInfo><entity Name="c_order"><attributes /><EntitySetName>c_orders</EntitySetName></entity></EntityInfo></Entity>'
  await writeFile(join(workspace(), 'table.zip'), await solutionArchive({ roots: table, entities }))
})

function actAs(role: string, inputs: Readonly<Record<string, string>> = {}): Promise<EmulatedAction> {
  return act({ 'app-id': appIds[role] ?? '', 'client-secret': SECRET, ...inputs })
}

function askedForPrivileges({ requests }: EmulatedAction): boolean {
  return requests.some(({ path }) => path.includes('RetrieveUserSetOfPrivilegesByNames'))
}
function writes({ requests }: EmulatedAction): readonly string[] {
  return requests
    .filter(({ method, service }) => method !== 'GET' && service === 'dataverse')
    .map(({ path }) => path.replace(/^.*\/v9\.2\//, '').replace(/\(.*$/, ''))
}

describe('the rights of the application user are checked by name', () => {
  test.each(['auto', 'check'])(
    "without the privilege to import, mode '%s' stops before anything is sent and names it, the user and what to do",
    async (mode) => {
      const done = await actAs('No import', { mode })
      expect(done.code).toBe(1)
      expect(done.log).toMatch(
        /::error.*the application user '# No import', whose roles are 'No import', lacks prvImportCustomization \(for every import\) \(0x80040220\)\. Give it the role System Customizer or System Administrator, or add the privilege/,
      )
      expect(done.summary).toMatch(/nothing was changed\.<br>.*lacks prvImportCustomization/)
      expect(done.outputs).toMatchObject({ findings: '1' })
      expect(writes(done)).toEqual([])
      expect(await jobsOf(done.environment)).toEqual([])
    },
  )

  test('a role that may not read jobs is told so by a check, which looks at the rest', async () => {
    const done = await actAs('No jobs', { mode: 'check' })
    expect(done.code).toBe(1)
    expect(done.log).toMatch(/lacks prvReadAsyncOperation \(for following its job\) \(0x80040220\)/)
    expect(done.summary).toContain('what runs in the environment (its jobs may not be read)')
  })

  test('a privilege for an input stops the import that has it, and no other', async () => {
    const publishing = await actAs('No publish', { 'publish-changes': 'true' })
    expect(publishing.code).toBe(1)
    expect(publishing.log).toMatch(/lacks prvPublishCustomization \(for 'publish-changes'\)/)
    expect(writes(publishing)).toEqual(['StageSolution', 'stagesolutionuploads'])
    expect(await jobsOf(publishing.environment)).toEqual([])
    expect((await actAs('No publish')).outputs).toMatchObject({ 'import-status': 'succeeded' })
  })

  test('what an import may need is a warning, and only where the archive brings such components', async () => {
    const tables = await actAs('No tables', { 'solution-file': 'table.zip' })
    expect(tables.code).toBe(0)
    expect(tables.log).toMatch(
      /::warning::.*may lack what an import needs: prvCreateEntity \(for new tables\)\./,
    )
    const others = await actAs('No tables')
    expect(others.log).not.toContain('prvCreateEntity')
  })

  test("a role of one's own that holds everything has no finding", async () => {
    const done = await actAs('Deployer', { 'solution-file': 'table.zip', mode: 'check' })
    expect(done.code).toBe(0)
    expect(done.outputs).toMatchObject({ findings: '0' })
    expect(done.log).not.toMatch(/::(warning|error)/)
    expect(askedForPrivileges(done)).toBe(true)
  })

  test('System Customizer is enough, and nothing more is asked', async () => {
    const done = await actAs('System Customizer')
    expect(done.outputs).toMatchObject({ 'import-status': 'succeeded' })
    expect(askedForPrivileges(done)).toBe(false)
  })

  test('a look that the environment refuses is "not checked" and stops nothing', async () => {
    const environmentName = await freshEnvironment()
    server().faults([
      {
        fault: 'status',
        status: 403,
        environment: environmentName,
        path: 'RetrieveUserSetOfPrivilegesByNames',
        body: { error: { code: '0x80040220', message: 'Principal user is missing prvReadUser privilege' } },
      },
    ])
    const { log, code } = await act(
      { 'app-id': appIds['Deployer'] ?? '', 'client-secret': SECRET },
      { environmentName },
    )
    expect(code).toBe(0)
    expect(log).toMatch(/::warning::not checked: the rights of the application user \(/)
  })
})
