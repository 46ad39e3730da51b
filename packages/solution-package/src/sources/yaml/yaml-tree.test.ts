import { openPackage, openZip, openSource, packSolution, unpackSolution, verifySource } from '../../index.ts'
import { noteMissing, sharedFolder } from '../../testing/reference-cases.ts'
import { TWO_SOLUTIONS, YAML_SOLUTION, yamlTree } from '../../testing/yaml-solution.ts'
import { readFolder } from '../../folder/index.ts'

const shared = sharedFolder('yaml')
if (shared === undefined) noteMissing('yaml')
const withShared = shared === undefined ? test.skip : test

async function packed(files: Readonly<Record<string, string | undefined>> = YAML_SOLUTION) {
  const tree = await openSource(yamlTree(files))
  const { archives, ...rest } = await packSolution(tree, { packageType: 'Both' })
  const [unmanaged, managed] = archives.map(({ bytes }) => openPackage(openZip(bytes, { label: 'packed' })))
  if (unmanaged === undefined || managed === undefined) throw new Error('no archives')
  return { ...rest, archives, unmanaged, managed }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

test('YAML source packs to both archives, the same way each time', async () => {
  const { archives, unmanaged, managed, components, warnings, unclaimedFiles, leftOut } = await packed()
  expect([...warnings, ...unclaimedFiles, ...leftOut]).toEqual([])
  expect(Object.fromEntries(components)).toEqual({
    'Canvas app': 1,
    Choice: 1,
    'Connection reference': 1,
    'Environment variable': 1,
    'Model-driven app': 1,
    'Process or flow': 1,
    Relationship: 1,
    'Site map': 1,
    Table: 1,
  })
  expect(text(unmanaged.read('solution.xml'))).toContain('<Managed>0</Managed>')
  expect(text(managed.read('solution.xml'))).toContain('<Managed>1</Managed>')
  const again = await packed(Object.fromEntries(Object.entries(YAML_SOLUTION).toReversed()))
  expect(again.archives).toEqual(archives)
})

test('solution.xml and customizations.xml are what an export has', async () => {
  const { unmanaged } = await packed()
  expect(text(unmanaged.read('solution.xml'))).toMatchSnapshot()
  expect(text(unmanaged.read('customizations.xml'))).toMatchSnapshot()
  expect(unmanaged.paths).toMatchSnapshot()
})

test('the folder of a canvas app becomes its archive, entries as they are', async () => {
  const { unmanaged } = await packed()
  const app = openZip(unmanaged.read('CanvasApps/fly_board_1a2b3_DocumentUri.msapp'), { label: 'app' })
  expect(app.map(({ name }) => name)).toEqual(['Header.json', 'Controls\\1.json', 'Src\\App.pa.yaml'])
  const stated = YAML_SOLUTION['canvasapps/fly_board_1a2b3/fly_board_1a2b3_DocumentUri/Header.json']
  expect(text(app[0]?.read() ?? new Uint8Array())).toBe(stated)
})

test('the archive unpacks without a loss', async () => {
  const { unmanaged } = await packed()
  const unpacked = unpackSolution({ archive: unmanaged }, { packageType: 'Unmanaged' })
  expect([...unpacked.notCarried, ...unpacked.missingFiles, ...unpacked.warnings]).toEqual([])
  const tree = await openSource(yamlTree())
  const others = [...unpacked.files].filter(([path, bytes]) => Buffer.compare(bytes, tree.read(path)) !== 0)
  // An XML tree has the components of an app sorted, and a solution that is packed is of one kind.
  expect(others.map(([path]) => path)).toEqual(['AppModules/fly_Hangar/AppModule.xml', 'Other/Solution.xml'])
})

test('verifying finds nothing in it', async () => {
  expect(verifySource(await openSource(yamlTree()))).toEqual([])
})

test('the styles of YAML that the platform does not write are read as well', async () => {
  const path = 'optionsets/fly_state/optionset.yml'
  const other = `# by hand\noptionset: {"@Name": fly_state, '@localizedName': "State", OptionSetType: picklist, options: {option: [{'@value': 100000000, labels: {label: {'@description': In the air, '@languagecode': "1033"}}}]}}\n`
  const usual = await packed()
  const unusual = await packed({ ...YAML_SOLUTION, [path]: other })
  expect(unusual.archives).toEqual(usual.archives)
})

test('of several solutions in a root, the one that is named is read, with what it lists', async () => {
  await expect(openSource(yamlTree(TWO_SOLUTIONS))).rejects.toThrow(
    "The folder holds 2 solutions, 'Hangar' and 'Tower'. Say which one with 'solution-name'.",
  )
  await expect(openSource(yamlTree(TWO_SOLUTIONS), 'Towers')).rejects.toThrow("Did you mean 'Tower'?")
  const tree = await openSource(yamlTree(TWO_SOLUTIONS), 'tower')
  expect(verifySource(tree)).toEqual([])
  const { components, manifest } = await packSolution(tree, { packageType: 'Unmanaged' })
  expect(manifest.uniqueName).toBe('Tower')
  expect(Object.fromEntries(components)).toEqual({ Choice: 1 })
})

test('a folder with both formats is refused', async () => {
  const both = yamlTree({ ...YAML_SOLUTION, 'Other/Solution.xml': '<x />' })
  await expect(openSource(both)).rejects.toThrow('in two formats')
})

withShared(
  'trees that the platform wrote have no finding, and what they pack to unpacks without a warning',
  async () => {
    for (const [folder, files] of [
      ['platform-1', 55],
      ['platform-2', 33],
    ] as const) {
      const tree = await openSource(readFolder(`${shared ?? ''}/${folder}`))
      expect(verifySource(tree)).toEqual([])
      const { archives, warnings, verifiable, unclaimedFiles, leftOut } = await packSolution(tree, {
        packageType: 'Both',
      })
      expect([...warnings, ...verifiable, ...unclaimedFiles, ...leftOut]).toEqual([])
      for (const { kind, bytes } of archives) {
        const archive = openPackage(openZip(bytes, { label: kind }))
        const unpacked = unpackSolution({ archive }, { packageType: kind })
        expect([...unpacked.notCarried, ...unpacked.missingFiles, ...unpacked.warnings]).toEqual([])
        expect(unpacked.files.size).toBe(files)
      }
    }
  },
)
