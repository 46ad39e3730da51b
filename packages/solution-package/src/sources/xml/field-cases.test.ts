import { readFileSync } from 'node:fs'
import { openPackage, openZip, packSolution, unpackSolution, verifySource } from '../../index.ts'
import { fieldCase, folderTree, hashOf, memoryTree, noteMissing } from '../../testing/reference-cases.ts'

if (fieldCase('.') === undefined) noteMissing('cases')

/** A test of an input of the field; skipped where the inputs are not. */
function fieldTest(name: string, path: string, run: (folder: string) => Promise<void> | void): void {
  const folder = fieldCase(path)
  if (folder === undefined) test.skip(name, () => undefined)
  else test(name, async () => run(folder))
}

const open = (file: string) => openZip(readFileSync(file), { label: file })
const unpack = (file: string) =>
  unpackSolution({ archive: openPackage(open(file), file) }, { packageType: 'Unmanaged' })

async function pack(files: ReadonlyMap<string, Uint8Array>) {
  const packed = await packSolution(memoryTree(files), { packageType: 'Unmanaged' })
  return { ...packed, entries: openZip(packed.archives[0]?.bytes ?? new Uint8Array()) }
}

const filesOf = (folder: string): Map<string, Uint8Array> => {
  const tree = folderTree(folder)
  return new Map(tree.paths.map((path) => [path, tree.read(path)]))
}

const hashes = (files: Iterable<readonly [string, Uint8Array]>): Record<string, string> =>
  Object.fromEntries([...files].map(([path, bytes]) => [path, hashOf(bytes)]))

/** The entries of an archive with their bytes, but for those that packing writes anew. */
const entriesOf = (entries: ReturnType<typeof open>): Record<string, string> =>
  hashes(
    entries
      .filter(({ name }) => !/^(?:\[Content_Types\]|solution|customizations)\.xml$/.test(name))
      .map((entry) => [entry.name, entry.read()]),
  )

const withTree = [
  ['canvas-additional-uris/export.zip', 'canvas-additional-uris/pac-tree'],
  ['canvas-additional-uris/real/EquipmentTracker_1_0_0_1.zip', 'canvas-additional-uris/real/pac-tree'],
  ['code-app/export.zip', 'code-app/pac-tree'],
  ['stored-procedures/solution.zip', 'stored-procedures/expected'],
  ['workflow-language-folder/solution.zip', 'workflow-language-folder/expected'],
] as const

for (const [archive, tree] of withTree) {
  fieldTest(`${archive} unpacks to the expected tree, which packs to its entries`, archive, async (file) => {
    const expected = filesOf(fieldCase(tree) ?? '')
    const { files, notCarried, missingFiles } = unpack(file)
    expect(hashes(files)).toEqual(hashes(expected))
    expect([...notCarried, ...missingFiles]).toEqual([])
    const { entries, warnings } = await pack(expected)
    expect(entriesOf(entries)).toEqual(entriesOf(open(file)))
    expect(warnings).toEqual([])
  })
}

for (const archive of ['connector-name-prefix/export.zip', 'part-names/export.zip']) {
  fieldTest(`${archive} comes back with the names of its entries`, archive, async (file) => {
    const { files, notCarried, missingFiles } = unpack(file)
    expect([...notCarried, ...missingFiles]).toEqual([])
    const { entries, warnings, unclaimedFiles } = await pack(new Map(files))
    expect(entriesOf(entries)).toEqual(entriesOf(open(file)))
    expect([...warnings, ...unclaimedFiles]).toEqual([])
  })
}

fieldTest('the tree keeps names as people read them', 'part-names/export.zip', (file) => {
  expect([...unpack(file).files.keys()]).toEqual(
    expect.arrayContaining([
      'botcomponents/fld_agent.file.overview/filedata/Übersicht.docx',
      'botcomponents/fld_agent.file.x/filedata/Orders, Subscriptions.docx',
      'powerpagecomponents/8512bef8-a7da-4535-863a-2b7a63228b9e/filecontent/Video 1.mp4',
    ]),
  )
})

fieldTest('each file that is named and missing fails the pack', 'named-file-missing/tree', async (folder) => {
  const tree = folderTree(folder)
  const missing = [
    'Controls/fld_Contoso.Picker/bundle.js',
    'Controls/fld_Contoso.Picker/css/Picker.css',
    'Connectors/fld_api_openapidefinition.json',
    'botcomponents/fld_agent.file.x/filedata/guide.docx',
    'pluginpackages/fld_Contoso.Plugins/package/fld_Contoso.Plugins.nupkg',
  ]
  const failure = await packSolution(tree, { packageType: 'Unmanaged' }).catch(String)
  const found = verifySource(tree).filter(({ rule }) => rule === 'named-file-missing')
  expect(found.map(({ severity, line }) => [severity, typeof line])).toEqual(
    missing.map(() => ['error', 'number']),
  )
  for (const path of missing) {
    expect(failure).toContain(`names ${path}`)
    expect(found.filter(({ message }) => message.includes(path))).toHaveLength(1)
  }
  const { warnings } = await packSolution(tree, { packageType: 'Unmanaged', allowMissingFiles: true })
  expect(warnings).toHaveLength(missing.length)
})

fieldTest('what lies about is left out, and named', 'stray-files/tree', async (folder) => {
  const { archives, leftOut, unclaimedFiles } = await packSolution(folderTree(folder), {
    packageType: 'Unmanaged',
  })
  const names = openZip(archives[0]?.bytes ?? new Uint8Array()).map(({ name }) => name)
  expect(names).toEqual([
    'customizations.xml',
    'solution.xml',
    'environmentvariabledefinitions/fld_Str/environmentvariabledefinition.xml',
    '[Content_Types].xml',
  ])
  expect(leftOut.toSorted()).toEqual([
    '.github/CODEOWNERS',
    '.vscode/settings.json',
    'Workflows/.gitkeep',
    'bin/Debug/net462/a.dll',
    'environmentvariabledefinitions/.DS_Store',
    'environmentvariabledefinitions/fld_Str/README.md',
  ])
  expect(unclaimedFiles).toEqual([])
})
