import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withEmulator } from './testing/emulated-environment.ts'
import { solutionArchive, withArchive } from './testing/scripted-environment.ts'
import type { ArchiveSpec } from './testing/scripted-environment.ts'

/** Ids and times differ from run to run; everything else of a summary is compared. */
function golden(summary: readonly string[]): string {
  return summary
    .join('\n')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, '<environment>')
    .replace(/\b\d+ s\b/g, '<time>')
}

function table(name: string, columns: readonly string[]): string {
  return `<Entity><Name LocalizedName="${name}" OriginalName="${name}">${name}</Name><EntityInfo><entity Name="${name}"><LocalizedNames><LocalizedName description="${name}" languagecode="1033" /></LocalizedNames><attributes>${columns
    .map(
      (column) =>
        `<attribute PhysicalName="${column}"><Type>${column === `${name}id` ? 'primarykey' : 'nvarchar'}</Type><Name>${column}</Name><LogicalName>${column}</LogicalName></attribute>`,
    )
    .join('')}</attributes><EntitySetName>${name}s</EntitySetName></entity></EntityInfo></Entity>`
}
function root(name: string): string {
  return `<RootComponent type="1" schemaName="${name}" behavior="0" />`
}

test('an import of two hours with tokens of ten minutes is followed to its end, and started once (C05, C13, C25, C26)', async () => {
  await withArchive({}, (folder) =>
    withEmulator(
      { environments: { prod: { kind: 'production' } }, tokenLifetimeSeconds: 600, jobSeconds: 7_200 },
      async (emulator, act) => {
        const { result, failure, lines } = await act('prod', { maxWaitMinutes: 180 })
        expect(failure).toBe('')
        expect(result).toMatchObject({ 'import-status': 'succeeded', 'duration-seconds': expect.any(Number) })
        expect(Number(result['duration-seconds'])).toBeGreaterThanOrEqual(7_200)
        const tokens = emulator.requests().filter(({ path }) => path.includes('/oauth2/v2.0/token'))
        // Renewed in the last fifth of each ten minutes: at least once every eight, and never for every request.
        expect(tokens.length).toBeGreaterThanOrEqual(12)
        expect(tokens.length).toBeLessThan(20)
        expect(emulator.requests().filter(({ status }) => status === 401)).toEqual([])
        expect((await emulator.jobs()).map(({ message }) => message)).toEqual(['ImportSolutionAsync'])
        // One line a minute at most, not one for each look.
        expect(lines.filter((line) => /core 1\.1\.0\.0: /.test(line)).length).toBeLessThanOrEqual(125)
        // The percentage of the import job is shown; the end is that of the system job.
        const percentages = lines
          .map((line) => Number(/in progress, (\d+) %/.exec(line)?.[1]))
          .filter((one) => one > 0)
        expect(percentages.length).toBeGreaterThan(20)
        expect(percentages).toEqual(percentages.toSorted((a, b) => a - b))
      },
      folder,
    ),
  )
})

test('an upgrade that removes a table and a column: the summary, first refused, then with leave (C81, C87)', async () => {
  const before: ArchiveSpec = {
    version: '1.0.0.0',
    roots: root('c_order') + root('c_note'),
    entities: table('c_order', ['c_orderid', 'c_total', 'c_old']) + table('c_note', ['c_noteid', 'c_text']),
  }
  const after: ArchiveSpec = { roots: root('c_order'), entities: table('c_order', ['c_orderid', 'c_total']) }
  await withArchive(after, (folder) =>
    withEmulator(
      { environments: { prod: { kind: 'production' } } },
      async (emulator, act) => {
        emulator.seed('prod', { source: 'before', archive: await solutionArchive(before) })
        const refused = await act('prod', {})
        expect(refused.failure).toMatch(
          /Table c_note.*Column c_order\.c_old would be deleted with their data/,
        )
        expect(refused.writes()).toEqual([])
        expect(await emulator.jobs()).toEqual([])

        const { result, failure, summary } = await act('prod', { allowDataDeletion: true })
        expect(failure).toBe('')
        expect(result).toMatchObject({ decision: 'upgrade', 'removed-components': 2, version: '1.1.0.0' })
        expect(golden(summary)).toMatchInlineSnapshot(`
          "# Upgraded core 1.0.0.0 → 1.1.0.0 in prod (production), <time>
          done: sha256 734d13fd… · 2 components removed
          ## Deleted by the upgrade (2)
          Kind | Component | Rows | Data
          Table | c_note | 0 | goes with it
          Column | c_order.c_old |  | goes with it
          <Details>
          Environment: prod, <environment>
          Kind: production, Dataverse 9.2.26104.00182
          Archive: core 1.1.0.0, managed
          sha256: 734d13fdce189402c7c21018dce710f4cf09e5170a70a7a410ad92ae202f1637
          Before: 1.0.0.0, managed
          Decision: upgrade (removes what the new version lacks): components were removed from the solution
          Result: succeeded, <time>
          Async operation: <id>
          Import job: <id>"
        `)
      },
      folder,
    ),
  )
})

test('with the archive that is installed, a check says what the service will refuse (C81)', async () => {
  const before: ArchiveSpec = {
    version: '1.0.0.0',
    roots: root('c_order'),
    entities: table('c_order', ['c_orderid', 'c_total']),
  }
  const after = { ...before, version: '1.1.0.0', entities: before.entities?.replace('nvarchar', 'int') ?? '' }
  await withArchive(after, (folder) =>
    withEmulator(
      { environments: { prod: { kind: 'production' } } },
      async (emulator, act) => {
        const installed = await solutionArchive(before)
        emulator.seed('prod', { source: 'before', archive: installed })
        await writeFile(join(folder, 'before.zip'), installed)
        const { summary, result } = await act('prod', {
          mode: 'check',
          previousSolutionFiles: ['before.zip'],
        })
        expect(summary.join('\n')).toContain('Dataverse refuses the import (0x80041a06). Add a new column')
        expect(result).toMatchObject({ decision: 'update' })
      },
      folder,
    ),
  )
})

describe('failures that can be read', () => {
  test('missing dependencies are a table (C62)', async () => {
    const missing =
      '<MissingDependency><Required key="0" type="1" schemaName="f_base" displayName="Base" solution="FabrikamBase (2.0.0.0)" />' +
      '<Dependent key="1" type="60" displayName="Main form" parentDisplayName="Order" id="{11111111-1111-4111-8111-111111111111}" /></MissingDependency>'
    await withArchive({ missing }, (folder) =>
      withEmulator(
        { environments: { prod: { kind: 'production' } } },
        async (emulator, act) => {
          const { failure, summary, result } = await act('prod', {})
          expect(failure).toMatch(
            /nothing was changed[\s\S]*Install FabrikamBase ≥ 2\.0\.0\.0: needed by 1 component\./,
          )
          expect(result).toMatchObject({ findings: expect.any(Number) })
          expect(await emulator.jobs()).toEqual([])
          expect(golden(summary)).toMatchInlineSnapshot(`
            "# Not started: core 1.1.0.0 in prod (production); nothing was changed
            stopped: sha256 4ee0aac4…
            <The missing components (1)>
            Missing | Supplied by | Needed by
            Table f_base | FabrikamBase (2.0.0.0) | Form or dashboard Order: Main form
            <Details>
            Environment: prod, <environment>
            Kind: production, Dataverse 9.2.26104.00182
            Archive: core 1.1.0.0, managed
            sha256: 4ee0aac4202910091d639e710161e75f5923847cf84b76690cb05243f59542d6
            Before: nothing of that name
            Decision: install: nothing of that name is there"
          `)
        },
        folder,
      ),
    )
  })

  const reference = (name: string): string =>
    `<connectionreferences><connectionreference connectionreferencelogicalname="${name}"><connectionreferencedisplayname>Mail</connectionreferencedisplayname>` +
    '<connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid><iscustomizable>1</iscustomizable><statecode>0</statecode><statuscode>1</statuscode></connectionreference></connectionreferences>'

  test('a connection reference without a connection is found before the import (C58, C73)', async () => {
    await withArchive({ sections: reference('c_ref') }, (folder) =>
      withEmulator(
        { environments: { prod: { kind: 'production' } } },
        async (_, act) => {
          const { failure, summary } = await act('prod', {})
          expect(failure).toBe('')
          expect(golden(summary)).toMatchInlineSnapshot(`
            "# Installed core 1.1.0.0 in prod (production), <time>
            done: sha256 86a9b5a5…
            ## Warnings (1)
            - The connection reference 'c_ref' has no connection; flows that use it stay off. Give one in 'connection-references' or 'deployment-settings-file'.
            <Details>
            Environment: prod, <environment>
            Kind: production, Dataverse 9.2.26104.00182
            Archive: core 1.1.0.0, managed
            sha256: 86a9b5a5a4b8cd28cd5d1d505df97ffe042764c19c50fc5aa82ca21516e8ed8c
            Before: nothing of that name
            Decision: install: nothing of that name is there
            Result: succeeded, <time>
            Async operation: <id>
            Import job: <id>
            ## Connection references (1)
            Name | Connector | Connection
            c_ref | shared_office365 | none"
          `)
          const bound = await act('prod', { referenceLines: ['c_ref=shared-office365-1'] })
          expect(bound.failure).toBe('')
          expect(bound.summary.join('\n')).not.toContain('has no connection')
        },
        folder,
      ),
    )
  })

  test('and takes the connection that the others of its connector have, if asked to (C72)', async () => {
    await withArchive({ sections: reference('c_ref') }, async (folder) => {
      const next = await solutionArchive({ name: 'next', sections: reference('c_next') })
      await writeFile(join(folder, 'next.zip'), next)
      await withEmulator(
        { environments: { prod: { kind: 'production' } } },
        async (emulator, act) => {
          await act('prod', { referenceLines: ['c_ref=shared-office365-1'] })
          const { failure } = await act('prod', { solutionFiles: ['next.zip'], reuseConnections: true })
          expect(failure).toBe('')
          const rows = emulator.environment('prod').store.rows('connectionreference')
          expect(rows.map((row) => row['connectionid'])).toEqual(['shared-office365-1', 'shared-office365-1'])
        },
        folder,
      )
    })
  })

  test('inside a component, with code and what to do (C57, C59, C60)', async () => {
    await withArchive({ roots: root('c_order'), entities: table('c_order', ['c_orderid']) }, (folder) =>
      withEmulator(
        { environments: { prod: { kind: 'production' } } },
        async (emulator, act) => {
          emulator.faults([
            {
              job: 'ImportSolutionAsync',
              code: '0x8004f036',
              message: 'The component does not exist.',
              component: 'c_order',
            },
          ])
          const { failure, summary, result } = await act('prod', {})
          expect(failure).toMatch(/failed in .*The component does not exist/)
          expect(result).toMatchObject({ 'import-status': 'failed', errors: 1 })
          expect(golden(summary)).toMatchInlineSnapshot(`
            "# Failed after <time>: core 1.1.0.0 in prod (production)
            failed: sha256 dd399a16…
            ## Components with errors and warnings (1)
            Level | Kind | Component | Message | What to do
            error | entity | c_order | 0x8004f036 The component does not exist. | A component that is needed does not exist in the environment. Add it to the solution. <docs/errors.md#0x8004f036>
            <Details>
            Environment: prod, <environment>
            Kind: production, Dataverse 9.2.26104.00182
            Archive: core 1.1.0.0, managed
            sha256: dd399a16cc44013d4d2625bbb2b3ff7afe298b23f59142d92158ca2884f4d0db
            Before: nothing of that name
            Decision: install: nothing of that name is there
            Result: failed, <time>
            Async operation: <id>
            Import job: <id>"
          `)
        },
        folder,
      ),
    )
  })
})

test('the number of requests of each kind of run', async () => {
  await withArchive({}, (folder) =>
    withEmulator(
      { environments: { a: { kind: 'production' }, b: { kind: 'production' } } },
      async (emulator, act) => {
        const asked = async (
          environment: string,
          change: Parameters<typeof act>[1],
        ): Promise<readonly string[]> => {
          const first = emulator.requests().length
          await act(environment, change)
          return emulator
            .requests()
            .slice(first)
            .map(
              ({ method, path }) =>
                `${method} ${path
                  .replace(/^\/api\/data\/v9\.2\//, '')
                  .replace(/[(?].*$/s, '')
                  .replace(/^\/[0-9a-f-]{36}/, '')}`,
            )
        }
        // One token, who we are, what runs there, what the environment is and has; then the jobs and versions before the
        // import, by which a job is recognised when the answer is lost; the import, its place in the queue, and its end.
        expect(await asked('a', {})).toEqual([
          'POST /oauth2/v2.0/token',
          'GET WhoAmI',
          'GET asyncoperations',
          'GET RetrieveCurrentOrganization',
          'GET solutions',
          'GET systemusers',
          'POST StageSolution',
          'GET asyncoperations',
          'GET importjobs',
          'GET solutions',
          'POST ImportSolutionAsync',
          'GET asyncoperations',
          'GET asyncoperations',
          'GET RetrieveSolutionImportResult',
          'GET solutions',
        ])
        // A skip asks for nothing more than the decision needs.
        expect(await asked('a', { wishes: { skipLowerVersion: true } })).toEqual([
          'POST /oauth2/v2.0/token',
          'GET WhoAmI',
          'GET asyncoperations',
          'GET RetrieveCurrentOrganization',
          'GET solutions',
        ])
      },
      folder,
    ),
  )
})

test('mode check names what would fail, changes nothing and leaves nothing behind (C58)', async () => {
  await withArchive({}, (folder) =>
    withEmulator(
      { environments: { prod: { kind: 'production' } } },
      async (emulator, act) => {
        emulator.seed('prod', {
          source: 'other',
          archive: await solutionArchive({ name: 'handmade', managed: false }),
        })
        const { result, failure, lines } = await act('prod', { mode: 'check' })
        expect(failure).toBe('')
        expect(result).toMatchObject({ decision: 'install', changed: false, findings: 0 })
        expect(lines.join('\n')).toMatch(/The production environment has the unmanaged solution 'handmade'/)
        expect(await emulator.jobs()).toEqual([])
        expect(emulator.environment('prod').store.count('stagesolutionupload')).toBe(0)
      },
      folder,
    ),
  )
})

test('an import waits for another operation of the environment to end (C18, C22)', async () => {
  await withArchive({}, async (folder) => {
    await writeFile(join(folder, 'other.zip'), await solutionArchive({ name: 'other' }))
    await withEmulator(
      { environments: { prod: { kind: 'production' } }, jobSeconds: 600 },
      async (emulator, act) => {
        const slow = await act('prod', { solutionFiles: ['other.zip'], maxWaitMinutes: 1 })
        expect(slow.failure).toMatch(/still running after 1 minute/)
        const { result, failure } = await act('prod', {})
        expect(failure).toBe('')
        expect(result).toMatchObject({ 'import-status': 'succeeded' })
        expect((await emulator.jobs()).map(({ solution, state }) => `${solution} ${state}`)).toEqual([
          'other succeeded',
          'core succeeded',
        ])
      },
      folder,
    )
  })
})
