import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { namedFiles, openPackage, openZip } from '@dsa/solution-package'
import { packageOf, zipOf, type ArchiveFile } from './solutions/archive/zip.ts'
import { sharedPath } from './testing/shared-files.ts'
import { isRecord } from './http/exchange.ts'
import { pick, withEmulator, type Kit } from './testing/with-emulator.ts'

const folder = sharedPath('cases')
const caseTest = folder === undefined ? test.skip : test

/** Archives that are no solution archives: the case is about saying so. */
const NO_SOLUTIONS = new Set(['artifact.zip', 'folder.zip', 'lfs.zip'])

interface Case {
  readonly name: string
  readonly bytes: Uint8Array
}

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
}

const archives: readonly Case[] =
  folder === undefined
    ? []
    : filesBelow(folder)
        .filter((path) => path.endsWith('.zip'))
        .map((path) => ({ name: relative(folder, path), bytes: readFileSync(path) }))

/** Unmanaged archives go to one environment, managed ones to another: a solution is there in one of the two kinds. */
function target(bytes: Uint8Array): string {
  const manifest = openZip(bytes).find(({ name }) => name === 'solution.xml')
  return manifest !== undefined && Buffer.from(manifest.read()).includes('<Managed>1<') ? 'prod' : 'dev'
}

/** What the service says to an archive when it is staged: the codes of its errors. */
async function staged(kit: Kit, bytes: Uint8Array, where = 'dev'): Promise<readonly string[]> {
  const answer = await kit.done(where, 'POST', 'StageSolution', {
    CustomizationFile: Buffer.from(bytes).toString('base64'),
  })
  const findings = pick(answer, 'StageSolutionResults', 'SolutionValidationResults')
  return (Array.isArray(findings) ? findings : [])
    .filter(isRecord)
    .map(({ ErrorCode }) => `0x${(Number(ErrorCode) >>> 0).toString(16)}`)
}

/** How the import of an archive ends: the code of its refusal, or `done`. */
async function imported(kit: Kit, bytes: Uint8Array, where = 'dev'): Promise<string> {
  const answer = await kit.ask(where, 'POST', 'ImportSolution', {
    body: {
      CustomizationFile: Buffer.from(bytes).toString('base64'),
      OverwriteUnmanagedCustomizations: false,
      PublishWorkflows: false,
      ImportJobId: crypto.randomUUID(),
    },
  })
  return answer.status === 204 ? 'done' : String(pick(answer.body, 'error', 'code'))
}

function filesOf(bytes: Uint8Array): readonly ArchiveFile[] {
  return openZip(bytes)
    .filter(({ name }) => !name.endsWith('/'))
    .map((entry) => ({ path: entry.name, bytes: entry.read() }))
}

/** The archive without the part that has a path, by its decoded name. */
function without(bytes: Uint8Array, part: string): Promise<Uint8Array> {
  return zipOf(filesOf(bytes).filter(({ path }) => decodeURIComponent(path) !== part))
}

const right = archives.filter(({ name }) => !NO_SOLUTIONS.has(basename(name)))

describe('the cases from the field', () => {
  caseTest('every right archive is taken', () =>
    withEmulator({}, async (kit) => {
      const answers: Record<string, unknown> = {}
      for (const { name, bytes } of right) {
        const codes = await staged(kit, bytes, target(bytes))
        // What other solutions have to bring is no fault of the archive.
        const own = codes.filter((code) => code !== '0x8004801d')
        const end = codes.length > own.length ? 'done' : await imported(kit, bytes, target(bytes))
        if (own.length > 0 || end !== 'done') answers[name] = [codes, end]
      }
      process.stdout.write(`cases: ${right.length - Object.keys(answers).length} of ${right.length} taken\n`)
      expect(answers).toEqual({})
      expect(right.length).toBeGreaterThan(10)
    }),
  )

  caseTest('what is no solution archive is refused', () =>
    withEmulator({}, async (kit) => {
      for (const { name, bytes } of archives.filter((item) => !right.includes(item)))
        expect([name, await staged(kit, bytes), await imported(kit, bytes)]).toEqual([
          name,
          ['0x80048060'],
          '0x80048060',
        ])
    }),
  )

  caseTest('each of them is refused without one of the files that its definitions name', () =>
    withEmulator({}, async (kit) => {
      const taken: string[] = []
      let count = 0
      for (const { name, bytes } of right) {
        const parts = new Set(namedFiles(openPackage(openZip(bytes))).flatMap(({ part }) => part ?? []))
        for (const part of parts) {
          const broken = await without(bytes, part)
          count += 1
          const codes = await staged(kit, broken)
          const end = await imported(kit, broken)
          const expected = part.startsWith('CanvasApps/') ? '0x80072354' : '0x80048033'
          if (!codes.includes(expected) || end !== expected) taken.push(`${name} without ${part}: ${end}`)
        }
      }
      process.stdout.write(`cases: ${count - taken.length} of ${count} with a missing file refused\n`)
      expect(taken).toEqual([])
      expect(count).toBeGreaterThan(20)
    }),
  )

  caseTest('each of them is refused with a file that no definition names', () =>
    withEmulator({}, async (kit) => {
      const litter = filesBelow(join(folder ?? '', 'stray-files', 'tree'))
        .map((path) => relative(join(folder ?? '', 'stray-files', 'tree'), path))
        .filter((path) => !/^Other\/|environmentvariabledefinition\.xml$/.test(path))
      expect(litter.length).toBeGreaterThan(4)
      for (const { name, bytes } of right) {
        for (const path of [...litter, 'WebResources/nobody', 'Connector/nobody_openapidefinition.json']) {
          const files = filesOf(bytes).filter((file) => file.path !== '[Content_Types].xml')
          const broken = await packageOf([...files, { path, bytes: Buffer.from('x') }])
          expect([name, path, await staged(kit, broken)]).toEqual([
            name,
            path,
            expect.arrayContaining(['0x80048033']),
          ])
        }
      }
    }),
  )

  caseTest('an archive whose entry names are not escaped is refused', () =>
    withEmulator({}, async (kit) => {
      const escaped = right.filter(({ bytes }) => filesOf(bytes).some(({ path }) => path.includes('%')))
      expect(escaped.length).toBeGreaterThan(0)
      for (const { name, bytes } of escaped) {
        const broken = await zipOf(
          filesOf(bytes).map((file) => ({ ...file, path: decodeURIComponent(file.path) })),
        )
        expect([name, await imported(kit, broken)]).toEqual([name, '0x80048060'])
      }
    }),
  )
})
