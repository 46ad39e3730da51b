import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  extractResources,
  incrementVersion,
  openPackage,
  openZip,
  packSolution,
  type PackageType,
  type SourceTree,
  unpackSolution,
  verifySource,
} from './index.ts'
import { fieldCase, folderTree, memoryTree, noteMissing } from './testing/reference-cases.ts'

if (fieldCase('README.md') === undefined) noteMissing('cases')

/** A test over a folder with inputs from the field; skipped where it is not there. */
function caseTest(name: string, what: string, run: (folder: string) => unknown): void {
  const folder = fieldCase(name)
  if (folder === undefined) test.skip(`${name}: ${what}`, () => undefined)
  else test(`${name}: ${what}`, async () => void (await run(folder)))
}

const open = (folder: string, name: string) => openPackage(openZip(readFileSync(join(folder, name))))
const unpacked = (folder: string, name: string, packageType: PackageType = 'Unmanaged', normalize = false) =>
  new Map(unpackSolution({ archive: open(folder, name) }, { packageType, normalize }).files)
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

/** Rules that found something, with their severity. */
const found = (tree: SourceTree): string[] =>
  verifySource(tree).map(({ severity, rule }) => `${severity} ${rule}`)

async function packed(tree: SourceTree, packageType: PackageType = 'Unmanaged') {
  const { archives } = await packSolution(tree, { packageType })
  return new Map(openZip(archives[0]?.bytes ?? new Uint8Array()).map((entry) => [entry.name, entry.read()]))
}

caseTest('business-rule-of-table', 'it packs with the entries of the export', async (folder) => {
  const tree = unpacked(folder, 'export.zip')
  expect(found(memoryTree(tree))).toEqual([])
  const names = openZip(readFileSync(join(folder, 'export.zip'))).map(({ name }) => name)
  expect([...(await packed(memoryTree(tree))).keys()].toSorted()).toEqual(names.toSorted())
})

caseTest(
  'business-rule-of-table',
  'a process of another category or type needs a root component',
  async (folder) => {
    for (const [from, to] of [
      ['<Category>2', '<Category>0'],
      ['<Type>1', '<Type>2'],
      ['<Category>2</Category>', ''],
    ] as const) {
      const tree = new Map(
        [...unpacked(folder, 'export.zip')].map(([path, bytes]) => [
          path,
          path.startsWith('Workflows/') ? Buffer.from(text(bytes).replace(from, to)) : bytes,
        ]),
      )
      expect(found(memoryTree(tree))).toEqual(['error file-without-root-component'])
      await expect(packed(memoryTree(tree))).rejects.toThrow(/does not list in RootComponents: Workflows\//)
    }
  },
)

caseTest('empty-manifest-lists', 'the folder is that of the reference tool', (folder) => {
  const tree = unpacked(folder, 'solution.zip')
  const expected = folderTree(join(folder, 'expected'))
  expect([...tree.keys()].toSorted()).toEqual(expected.paths.toSorted())
  for (const path of expected.paths) expect(text(tree.get(path))).toBe(text(expected.read(path)))
})

caseTest('root-component-of-other-solution', 'a warning, and the pack goes on', async (folder) => {
  const tree = unpacked(folder, 'export.zip')
  expect(found(memoryTree(tree))).toEqual(['warning root-component-left-out'])
  await expect(packed(memoryTree(tree))).resolves.toHaveProperty('size', 3)
  const own = text(tree.get('Other/Solution.xml'))
    .replaceAll('msdyn_', 'fld_')
    .replace(/<Required [^>]*>/, '<Required type="61" schemaName="other_" solution="Other (1.0)" />')
  expect(found(memoryTree(new Map([...tree, ['Other/Solution.xml', Buffer.from(own)]])))).toEqual([
    'error root-component-without-file',
  ])
})

caseTest('verify-root-component-left-out', 'a warning where an export leaves it out', (folder) => {
  const managed = unpacked(folder, 'of-another-solution_managed.zip', 'Managed')
  expect(found(memoryTree(managed))).toEqual([
    'warning root-component-left-out',
    'warning root-component-left-out',
  ])
  const assembly = unpacked(folder, 'assembly-in-plugin-package.zip')
  expect(found(memoryTree(assembly))).toEqual(['warning root-component-left-out'])
  const withoutPackage = new Map([...assembly].filter(([path]) => !path.endsWith('.nupkg')))
  expect(found(memoryTree(withoutPackage))).toContain('error root-component-without-file')
})

caseTest('merge-took-both-sides', 'each doubled element is an error with its line', (folder) => {
  const findings = verifySource(folderTree(join(folder, 'tree')))
  expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
    'error element-twice',
    'warning root-component-twice',
  ])
  for (const { line } of findings) expect(line).toBeGreaterThan(1)
})

caseTest('normalize-dependency-versions', 'a new version of another solution is no change', (folder) => {
  expect(unpacked(folder, 'a.zip', 'Unmanaged', true)).toEqual(unpacked(folder, 'b.zip', 'Unmanaged', true))
  expect(unpacked(folder, 'a.zip')).not.toEqual(unpacked(folder, 'b.zip'))
  const kept = text(unpacked(folder, 'a.zip', 'Unmanaged', true).get('Other/Solution.xml'))
  expect(kept).toContain('solution="AppModuleWebResources"')
})

caseTest('version-limits', 'the limit is named, and a version beyond it fails the pack', async (folder) => {
  const tree = folderTree(join(folder, 'tree'))
  expect(found(tree)).toEqual([])
  expect(() => incrementVersion('1.0.0.2147483647', 'revision')).toThrow('at most 2147483647')
  const tooLarge = folderTree(join(folder, 'tree-too-large'))
  expect(found(tooLarge)).toEqual(['error malformed-version'])
  await expect(packed(tooLarge)).rejects.toThrow(
    /^Other\/Solution\.xml, line \d+, column \d+: '1\.0\.20220508103\.0' is too high .* at most 2147483647/,
  )
})

caseTest('same-name-components', 'nothing is lost, and both come back', async (folder) => {
  const { files, notCarried, notices } = unpackSolution(
    { archive: open(folder, 'export.zip') },
    { packageType: 'Unmanaged' },
  )
  expect(notCarried).toEqual([])
  expect(notices).toHaveLength(2)
  const again = text((await packed(memoryTree(files))).get('customizations.xml'))
  for (const name of ['SLA', 'DuplicateRule']) expect(again.split(`<${name}>`)).toHaveLength(3)
})

caseTest('archive-around-archive', 'the message says what it is', (folder) => {
  for (const [name, message] of [
    ['artifact.zip', "It holds 'inner.zip', which is a solution archive"],
    ['folder.zip', "solution.xml lies in 'Probe_1_0_0_0/'"],
    ['lfs.zip', 'is a Git LFS pointer'],
  ] as const) {
    expect(() => unpacked(folder, name)).toThrow(message)
  }
})

caseTest(
  'legacy-canvas-src',
  'the error says what the folder is; an app beside it is packed',
  async (folder) => {
    const tree = folderTree(join(folder, 'tree'))
    await expect(packed(tree)).rejects.toThrow(
      /_DocumentUri\.msapp, which is not in the folder.*CanvasApps\/src is source that process-canvas-apps made/s,
    )
    const findings = verifySource(tree).filter(({ severity }) => severity === 'error')
    expect(findings.map(({ rule }) => rule)).toEqual(['named-file-missing'])
    expect(findings[0]?.message).toContain('CanvasApps/src is source that process-canvas-apps made')
    const withApp = await packed(folderTree(join(folder, 'tree-with-app')))
    const names = openZip(readFileSync(join(folder, 'export.zip'))).map(({ name }) => name)
    expect([...withApp.keys()].toSorted()).toEqual(names.toSorted())
  },
)

caseTest(
  'localize-generic-labels',
  'the files are those of the reference tool, but for its digits',
  (folder) => {
    const kinds = [
      ['Unmanaged', 'expected', 'solution.zip'],
      ['Both', 'expected-both', 'solution_managed.zip'],
    ] as const
    for (const [packageType, name, sourceFile] of kinds) {
      const expected = folderTree(join(folder, name))
      const { files, made } = unpackSolution(
        { archive: open(folder, 'solution.zip'), managed: open(folder, 'solution_managed.zip') },
        { packageType },
      )
      const options = { localize: true, useLcid: false, sourceFile, packageType }
      const own = extractResources(files, made, options).files
      const kept = extractResources(files, made, { ...options, present: expected }).files
      const values = (bytes: Uint8Array | undefined): string[] =>
        [...text(bytes).matchAll(/<data name="([^,]*,)[^]*?<\/data>/g)]
          .map(([data]) => data.replace(/(100000:label,)[0-9A-F]{64}/, '$1'))
          .toSorted()
      for (const path of expected.paths.filter((file) => file.endsWith('.resx'))) {
        expect(values(own.get(path))).toEqual(values(expected.read(path)))
        expect(text(kept.get(path))).toBe(text(expected.read(path)))
      }
    }
  },
)
