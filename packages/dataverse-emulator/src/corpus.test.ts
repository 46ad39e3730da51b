import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  archiveSource,
  incrementVersion,
  openPackage,
  openZip,
  Solution,
  unclaimedFiles,
  type Component as DefinedComponent,
} from '@dsa/solution-package'
import { normalizeGuid } from './stable-id.ts'
import { openParts, readArchive } from './solutions/archive/read-archive.ts'
import { endKey } from './solutions/dependencies/dependencies.ts'
import { zipOf } from './solutions/archive/zip.ts'
import { archiveFaults } from './solutions/archive/check-archive.ts'
import { editArchive } from './solutions/archive/archives.ts'
import type { ArchiveContent, Component } from './solutions/archive/content.ts'
import { codeOf, pick, withEmulator, type Kit } from './testing/with-emulator.ts'
import { sharedPath } from './testing/shared-files.ts'

const corpus = sharedPath('corpus')
const corpusTest = corpus === undefined ? test.skip : test

interface Archive {
  readonly id: string
  readonly bytes: Uint8Array
  readonly content: ArchiveContent
}

/** The archives of one kind; several cases share the very same file. */
function archives(folder: string, managed: boolean): readonly Archive[] {
  const seen = new Set<string>()
  return readdirSync(folder).flatMap((id) =>
    ['solution.zip', 'solution_managed.zip'].flatMap((file) => {
      const path = join(folder, id, file)
      if (!existsSync(path)) return []
      const bytes = readFileSync(path)
      const digest = createHash('sha256').update(bytes).digest('hex')
      if (seen.has(digest)) return []
      seen.add(digest)
      const content = readArchive(bytes)
      return content.managed === managed ? [{ id, bytes, content }] : []
    }),
  )
}

function base64(bytes: Uint8Array) {
  return Buffer.from(bytes).toString('base64')
}

async function importNow(kit: Kit, action: string, bytes: Uint8Array) {
  const body = {
    CustomizationFile: base64(bytes),
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: true,
    ImportJobId: crypto.randomUUID(),
  }
  return kit.ask('prod', 'POST', action, { body })
}

const REMOVABLE = new Set([
  'WebResource',
  'Workflow',
  'CanvasApp',
  'OptionSet',
  'AppModule',
  'SystemForm',
  'SavedQuery',
  'Attribute',
])

/** The next version, without the last component of a kind that can stand alone. */
async function nextVersion({ bytes, content }: Archive): Promise<{ archive: Uint8Array; removed?: string }> {
  const archive = await editArchive(bytes, { version: incrementVersion(content.version, 'minor') })
  // What the manifest itself still asks for cannot go.
  const needed = new Set(content.missingDependencies.map((item) => endKey(item.required)))
  const removed = content.components.findLast(
    ({ typeName, key }) => REMOVABLE.has(typeName) && !needed.has(key),
  )
  const entries = openZip(archive)
  if (removed === undefined) return { archive }
  const defined = new Solution(archiveSource(openPackage(entries)))
  const element = [...defined.components()].findLast((item) => isOf(item, removed))?.element
  if (element === undefined) return { archive }
  const text = element.document.root.source
  const solution = entries.find(({ name }) => name.toLowerCase() === 'solution.xml')
  const withoutRoot = new TextDecoder()
    .decode(solution?.read())
    .replaceAll(/<RootComponent [^>]*\/>/g, (line) => (namesRoot(line, removed) ? '' : line))
  const changed = new Map([
    ['customizations.xml', text.replace(element.source, '')],
    ['solution.xml', withoutRoot],
  ])
  const files = entries
    .filter(({ name }) => !name.endsWith('/'))
    .map((item) => ({
      path: item.name,
      bytes: changed.has(item.name) ? Buffer.from(changed.get(item.name) ?? '') : item.read(),
    }))
  // The files of the component go with it.
  const left = new Set(unclaimedFiles(openPackage(openZip(await zipOf(files)))))
  return {
    archive: await zipOf(files.filter(({ path }) => !left.has(decodeURIComponent(path)))),
    removed: removed.key,
  }
}

function isOf({ row, id, name }: DefinedComponent, component: Component): boolean {
  return (
    row.platformName === component.typeName &&
    (normalizeGuid(id) === component.objectId ||
      component.schemaName === name ||
      component.schemaName.endsWith(`.${name}`))
  )
}

function namesRoot(line: string, component: Component): boolean {
  return (
    line.toLowerCase().includes(`"{${component.objectId}}"`) ||
    line.toLowerCase().includes(`schemaname="${component.schemaName.toLowerCase()}"`)
  )
}

const LARGE = 400_000

/** A component that people would see without a name: by nothing, or by a guid. */
function isNameless({ displayName, schemaName }: Component): boolean {
  return [displayName, schemaName].some(
    (name) => name === '' || (normalizeGuid(name) !== undefined && displayName === name),
  )
}

describe('archives of real solutions', () => {
  corpusTest(
    'every component that an archive defines has a name, and one place',
    () => {
      const all = [...archives(corpus ?? '', true), ...archives(corpus ?? '', false)]
      const components = all.flatMap(({ id, content }) =>
        content.components.map((component) => ({ id, component })),
      )
      const nameless = components.filter(({ component }) => isNameless(component))
      // What the manifest lists and the archive does not hold has no definition that could name it.
      const defined = nameless.filter(({ component }) => '(digest)' in component.attributes)
      process.stdout.write(
        `corpus: ${components.length} components, ${defined.length} nameless; ${nameless.length} more that are listed and not in their archive: ${[...new Set(nameless.map(({ component }) => component.key))].join(', ')}\n`,
      )
      expect(defined.map(({ id, component }) => `${id} ${component.key}`)).toEqual([])
      for (const { id, content } of all) {
        const keys = content.components.map(({ key }) => key)
        expect([id, keys.length]).toEqual([id, new Set(keys).size])
      }
      expect(components.length).toBeGreaterThan(50_000)
    },
    120_000,
  )

  corpusTest(
    'managed ones install, upgrade and uninstall, and nothing of them is left',
    async () => {
      const counts = { installed: 0, upgraded: 0, removed: 0, missing: 0, refused: 0 }
      for (const archive of archives(corpus ?? '', true)) {
        const { uniqueName } = archive.content
        await withEmulator({ environments: { prod: { kind: 'production' } } }, async (kit) => {
          const { store } = kit.emulator.environment('prod')
          const before = {
            solutions: store.count('solution'),
            layers: store.layers.count(),
            rows: store.count('workflow'),
          }
          const installed = await importNow(kit, 'ImportSolution', archive.bytes)
          if (archiveFaults(archive.bytes).length > 0) {
            // Some were packed by a tool that left named files out.
            expect([uniqueName, installed.status]).toEqual([uniqueName, 400])
            counts.refused += 1
            return
          }
          if (codeOf(installed) === '0x8004801d') {
            // What it depends on is nobody's solution: reported by component, as the service would.
            expect(installed.text).toContain('<MissingDependency>')
            counts.missing += 1
            return
          }
          expect([uniqueName, installed.status, installed.text]).toEqual([uniqueName, 204, ''])
          counts.installed += 1
          const { archive: next, removed } = await nextVersion(archive)
          const isThere = () =>
            removed !== undefined && store.layers.all().some(({ component }) => component === removed)
          const wasThere = isThere()
          const upgraded = await importNow(kit, 'StageAndUpgrade', next)
          expect([uniqueName, upgraded.status, upgraded.status === 200 ? '' : upgraded.text]).toEqual([
            uniqueName,
            200,
            '',
          ])
          counts.upgraded += 1
          if (removed !== undefined && wasThere) {
            expect([uniqueName, removed, isThere()]).toEqual([uniqueName, removed, false])
            counts.removed += 1
          }
          const [row] = await kit.rows('prod', `solutions?$filter=uniquename eq '${uniqueName}'`)
          expect(pick(row, 'version')).toBe(incrementVersion(archive.content.version, 'minor'))
          await kit.done('prod', 'DELETE', `solutions(${String(pick(row, 'solutionid'))})`)
          expect([
            uniqueName,
            store.layers.count(),
            store.count('solution'),
            store.count('workflow'),
            store.count('solutioncomponent'),
          ]).toEqual([uniqueName, before.layers, before.solutions, before.rows, 0])
        })
      }
      process.stdout.write(`corpus, managed: ${JSON.stringify(counts)}\n`)
      expect(counts.installed).toBeGreaterThan(30)
    },
    300_000,
  )

  corpusTest(
    'unmanaged ones are exported again byte for byte, and with another version differ in solution.xml alone',
    async () => {
      let count = 0
      const list = archives(corpus ?? '', false)
      await withEmulator({ environments: { dev: { kind: 'developer' } } }, async (kit) => {
        const { store } = kit.emulator.environment('dev')
        const before = store.snapshot()
        for (const { bytes, content } of list) {
          store.restore(before)
          kit.emulator.seed('dev', { source: content.uniqueName, archive: bytes })
          const body = { SolutionName: content.uniqueName, Managed: false }
          const same = await kit.done('dev', 'POST', 'ExportSolution', body)
          expect([content.uniqueName, same['ExportSolutionFile'] === base64(bytes)]).toEqual([
            content.uniqueName,
            true,
          ])
          count += 1
          // Writing the large ones anew takes long and shows nothing more.
          if (bytes.length > LARGE) continue
          const [row] = await kit.rows('dev', `solutions?$filter=uniquename eq '${content.uniqueName}'`)
          await kit.done('dev', 'PATCH', `solutions(${String(pick(row, 'solutionid'))})`, {
            version: '77.1.0.0',
          })
          const changed = Buffer.from(
            String((await kit.done('dev', 'POST', 'ExportSolution', body))['ExportSolutionFile']),
            'base64',
          )
          const [left, right] = [openParts(bytes), openParts(changed)]
          expect(readArchive(changed).version).toBe('77.1.0.0')
          const differing = left.paths.filter(
            (path) => Buffer.compare(left.read(path), right.read(path)) !== 0,
          )
          expect([content.uniqueName, right.paths.toSorted(), differing]).toEqual([
            content.uniqueName,
            left.paths.toSorted(),
            ['solution.xml'],
          ])
          await kit.done('dev', 'DELETE', `solutions(${String(pick(row, 'solutionid'))})`)
        }
      })
      process.stdout.write(`corpus, unmanaged: ${count} exported unchanged\n`)
      expect(count).toBeGreaterThan(60)
    },
    300_000,
  )
})
