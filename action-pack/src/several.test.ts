import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'several-'))
  source('Orders', 'LindenOrders')
  source('Core', 'LindenCore')
})
afterEach(() => rmSync(workspace, { recursive: true }))

/** The sample under another unique name. */
function source(folder: string, uniqueName: string): void {
  const path = join(workspace, 'solutions', folder)
  cpSync(sample, path, { recursive: true })
  const manifest = join(path, 'Other/Solution.xml')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('LindenOrders', uniqueName))
}

function pack(inputs: Readonly<Record<string, string>> = {}) {
  const run = runActionSync(
    'pack',
    {
      'solution-folder': 'solutions/*',
      'solution-file': 'out/',
      'solution-type': 'Managed',
      'checksums-file': 'out/SHA256SUMS',
      ...inputs,
    },
    { workspace, environment: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v2.1.0' } },
  )
  const error = run.annotations.find(({ level }) => level === 'error')?.message ?? ''
  return { ...run, error }
}

const at = (path: string): string => join(workspace, path)

function sum(path: string): string {
  return createHash('sha256')
    .update(readFileSync(at(path)))
    .digest('hex')
}

test('several folders become an archive each, named after its solution, with one file of sums', () => {
  const { code, outputs, summary } = pack({ version: 'from-tag' })
  expect(code).toBe(0)
  const names = ['LindenCore_managed.zip', 'LindenOrders_managed.zip']
  expect(outputs['managed-solution-file']?.split('\n')).toEqual(names.map((name) => at(`out/${name}`)))
  expect(outputs).toMatchObject({ 'unique-name': 'LindenCore\nLindenOrders', version: '2.1.0.0' })
  const sums = names.map((name) => `${sum(`out/${name}`)}  ${name}`)
  expect(outputs['checksums']).toBe(sums.join('\n'))
  expect(readFileSync(at('out/SHA256SUMS'), 'utf8')).toBe(`${sums.join('\n')}\n`)
  expect(summary.match(/^### .*$/gm)).toEqual(['### ✅ Packed 2 solutions'])
})

test('a folder packed alone has the bytes that it has among others', () => {
  pack()
  const before = sum('out/LindenCore_managed.zip')
  const { outputs } = pack({ 'solution-folder': 'solutions/Core', 'solution-file': 'alone/' })
  expect(outputs['managed-sha256']).toBe(before)
  expect(outputs['managed-solution-file']).toBe(at('alone/LindenCore_managed.zip'))
})

test('of both kinds the unmanaged archive has the name of the solution', () => {
  const { outputs } = pack({ 'solution-type': 'Both' })
  expect(readdirSync(at('out')).toSorted()).toEqual([
    'LindenCore.zip',
    'LindenCore_managed.zip',
    'LindenOrders.zip',
    'LindenOrders_managed.zip',
    'SHA256SUMS',
  ])
  expect(outputs['solution-file']).toBe([at('out/LindenCore.zip'), at('out/LindenOrders.zip')].join('\n'))
})

test('where the second cannot be packed, nothing of the first is written', () => {
  rmSync(at('solutions/Orders/Entities'), { recursive: true })
  const { code } = pack()
  expect(code).toBe(1)
  expect(existsSync(at('out'))).toBe(false)
})

test.each([
  [{ 'solution-file': 'out/all.zip' }, "End it with '/'"],
  [{ 'settings-file': 'settings.json' }, "'settings-file' can be for one only"],
  [{ 'solution-folder': 'nothing/*' }, "No folder is named by 'nothing/*'"],
  [{ 'solution-folder': 'solutions/Core\nsolutions/Core2' }, "both hold the solution 'LindenCore'"],
])('%j is an error that says what to do', (inputs, message) => {
  source('Core2', 'LindenCore')
  const { code, error } = pack({ 'solution-folder': 'solutions/Core\nsolutions/Orders', ...inputs })
  expect([code, error]).toEqual([1, expect.stringContaining(message)])
  expect(existsSync(at('out'))).toBe(false)
})

test('an archive whose name is that of the managed archive of another solution is not written over it', () => {
  source('Managed', 'LindenCore_managed')
  const { code, error } = pack({ 'solution-type': 'Both' })
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(/The archives of 'LindenCore' .* and 'LindenCore_managed' .* would have one name/),
  ])
  expect(existsSync(at('out'))).toBe(false)
})

test('a unique name that is no name of a file is not written anywhere', () => {
  source('Evil', '../evil')
  const { code, error } = pack({ 'solution-folder': 'solutions/Evil', verify: 'false' })
  expect([code, error]).toEqual([1, expect.stringContaining("'../evil'")])
  expect(existsSync(at('evil_managed.zip'))).toBe(false)
})
