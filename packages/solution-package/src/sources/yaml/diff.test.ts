import { compareSolutions } from '../../diff/index.ts'
import { openPackage, openSource, openZip, packSolution, unpackSolution } from '../../index.ts'
import { memoryTree } from '../../testing/reference-cases.ts'
import { YAML_SOLUTION, yamlTree } from '../../testing/yaml-solution.ts'

const column = 'entities/fly_plane/attributes/fly_name.yml'

const changed = {
  ...YAML_SOLUTION,
  [column]: YAML_SOLUTION[column]?.replace('RequiredLevel: none', 'RequiredLevel: required'),
}

async function xmlOf(files: Readonly<Record<string, string | undefined>>) {
  const { archives } = await packSolution(await openSource(yamlTree(files)), { packageType: 'Unmanaged' })
  const archive = openPackage(openZip(archives[0]?.bytes ?? new Uint8Array(), { label: 'archive' }))
  return memoryTree(unpackSolution({ archive }, { packageType: 'Unmanaged' }).files)
}

test('the same edit gives the same report in both formats, but for the files', async () => {
  const yaml = compareSolutions(await openSource(yamlTree()), await openSource(yamlTree(changed)))
  const xml = compareSolutions(await xmlOf(YAML_SOLUTION), await xmlOf(changed))
  const withoutFiles = ({ changes }: typeof yaml) => changes.map((change) => ({ ...change, files: [] }))
  expect(withoutFiles(yaml)).toEqual(withoutFiles(xml))
  expect(yaml.changes).toHaveLength(1)
  expect(yaml.unexplained).toEqual([])
  expect(yaml.head?.format).toBe('yaml')
})

test('a solution that moves from XML to YAML shows no change of a component', async () => {
  const { changes, unexplained } = compareSolutions(await xmlOf(YAML_SOLUTION), await openSource(yamlTree()))
  expect(changes.filter(({ kind }) => kind !== 'solution')).toEqual([])
  expect(unexplained).toEqual([])
})
