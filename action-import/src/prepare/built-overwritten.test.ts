import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writtenOn } from '../testing/archive-time.ts'
import { emulatedActions } from '../testing/emulated-actions.ts'
import { solutionArchive } from '../testing/scripted-environment.ts'
import type { ArchiveSpec } from '../testing/scripted-environment.ts'

const { act, freshEnvironment, jobsOf, seeded, server, workspace } = emulatedActions()

const DAY = 86_400_000
function resource(name: string, id: string): string {
  return `<WebResource><WebResourceId>{${id}}</WebResourceId><Name>${name}</Name><DisplayName>${name}</DisplayName><WebResourceType>3</WebResourceType></WebResource>`
}
const A = '26f55d21-04c6-443f-806c-8defed5daa91'
const B = '26f55d21-04c6-443f-806c-8defed5daa92'
const TWO: ArchiveSpec = {
  managed: false,
  roots:
    '<RootComponent type="61" schemaName="c_/a.js" behavior="0" /><RootComponent type="61" schemaName="c_/b.js" behavior="0" />',
  sections: `<WebResources>${resource('c_/a.js', A)}${resource('c_/b.js', B)}</WebResources>`,
}

/** Writes an archive whose dates say when it was exported. */
async function exportedOn(name: string, ms: number): Promise<string> {
  await writeFile(join(workspace(), name), writtenOn(await solutionArchive(TWO), ms))
  return name
}

/** What a maker does in the environment. */
async function edit(environment: string, id: string): Promise<void> {
  const { ready } = server()
  const url = ready.environments[environment] ?? ''
  const answer = await fetch(`${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: ready.appId,
      client_secret: ready.clientSecret,
      grant_type: 'client_credentials',
      scope: `${url}/.default`,
    }),
  })
  const token = /"access_token":"([^"]+)"/.exec(await answer.text())?.[1] ?? ''
  const { status } = await fetch(`${url}/api/data/v9.2/webresourceset(${id})`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"displayname":"changed by hand"}',
  })
  expect(status).toBe(204)
}

// An archive cannot come from the future, so the environments live a month ago.
beforeEach(() => {
  server().clock.stop(Date.now() - 30 * DAY)
  server().clock.start()
})

describe('an unmanaged import says what it overwrites', () => {
  test('by the dates in the archive: names and times, as a warning and in the summary; the import goes on', async () => {
    const { environmentName } = await seeded({ ...TWO, version: '1.0.0.0' })
    const clock = server().clock
    clock.advance(DAY)
    const file = await exportedOn('exported.zip', clock.now())
    clock.advance(DAY)
    await edit(environmentName, A)
    const inputs = { 'solution-file': file, 'backup-artifact-name': '' }
    const day = new Date(clock.now()).toISOString().slice(0, 10)

    const checked = await act({ ...inputs, mode: 'check' }, { environmentName })
    const imported = await act(inputs, { environmentName })
    for (const { code, log, summary, outputs } of [checked, imported]) {
      expect(code).toBe(0)
      expect(log).toMatch(
        new RegExp(
          `::warning::The import overwrites components of core .* the archive was exported \\(.* UTC, by the dates in it\\)\\. There are 1: Web resource c_/a\\.js \\(${day} .* UTC\\)\\. 'backup-artifact-name'`,
        ),
      )
      expect(summary).toMatch(
        /Changed in the environment, and w.* overwritten by the import \(1\)\n\nChanged since .*\n[\s\S]*Web resource \| <code>c\\_\/a\.js<\/code> \| 20/,
      )
      expect(outputs).toMatchObject({ 'overwritten-changes': '1' })
    }
    expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
    // One list of components, one of imports.
    const lists = imported.requests.filter(({ path }) =>
      /msdyn_solution(componentsummari|histori)es/.test(path),
    )
    expect(lists).toHaveLength(2)
  })

  test("what an import wrote itself is nobody's change: the second run has nothing to tell", async () => {
    const { environmentName } = await seeded({ ...TWO, version: '1.0.0.0' })
    const clock = server().clock
    const file = await exportedOn('again.zip', clock.now())
    clock.advance(DAY)
    await act({ 'solution-file': file }, { environmentName })
    clock.advance(DAY)
    const second = await act({ 'solution-file': file }, { environmentName })
    expect(second.outputs).toMatchObject({ decision: 'import', 'overwritten-changes': '0' })
    expect(second.log).toContain('No component of core was changed in ')
  })

  test('an archive without dates is compared from the last import on', async () => {
    const environmentName = await freshEnvironment()
    await writeFile(join(workspace(), 'undated.zip'), await solutionArchive(TWO))
    const inputs = { 'solution-file': 'undated.zip' }
    await act(inputs, { environmentName })
    server().clock.advance(DAY)
    await edit(environmentName, B)
    const { log, outputs } = await act(inputs, { environmentName })
    expect(outputs).toMatchObject({ 'overwritten-changes': '1' })
    expect(log).toMatch(
      /since the last import of the solution there \(1\.1\.0\.0, .* UTC\); the archive does not tell when/,
    )
    expect(log).toContain('Web resource c_/b.js')
  })

  test('nothing known, or a look that fails, is "not checked" and stops nothing', async () => {
    const { environmentName } = await seeded({ ...TWO, version: '1.0.0.0' })
    await writeFile(join(workspace(), 'undated.zip'), await solutionArchive(TWO))
    const unknown = await act({ 'solution-file': 'undated.zip', mode: 'check' }, { environmentName })
    expect(unknown.code).toBe(0)
    expect(unknown.log).toMatch(/::warning::Not checked: what the import overwrites .*neither the dates/)

    const file = await exportedOn('refused.zip', server().clock.now())
    server().faults([
      {
        fault: 'status',
        status: 403,
        environment: environmentName,
        path: 'msdyn_solutioncomponentsummaries',
        body: {
          error: { code: '0x80040220', message: 'Principal user is missing prvReadNothing privilege' },
        },
      },
    ])
    const refused = await act({ 'solution-file': file }, { environmentName })
    expect(refused.code).toBe(0)
    expect(refused.log).toMatch(/::warning::Not checked: what the import overwrites .*prvReadNothing/)
    expect(refused.summary).toContain('Not checked: what the import overwrites')
    expect(await jobsOf(environmentName)).toEqual(['ImportSolutionAsync succeeded'])
  })
})
