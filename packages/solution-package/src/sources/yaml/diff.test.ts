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

test('a change of the readable source of an app alone is told, since what ships are its controls', async () => {
  const app = 'canvasapps/fly_board_1a2b3/fly_board_1a2b3_DocumentUri/'
  const effects = async (...names: readonly string[]): Promise<readonly string[]> => {
    const edits = names.map(
      (name) => [app + name, YAML_SOLUTION[app + name]?.replace(/Theme: .*|\{\}/, 'Changed: 1')] as const,
    )
    const head = await openSource(yamlTree({ ...YAML_SOLUTION, ...Object.fromEntries(edits) }))
    const { changes } = compareSolutions(await openSource(yamlTree()), head)
    return changes.flatMap((change) => change.effects.map(({ reason }) => reason))
  }
  expect(await effects('Src/App.pa.yaml')).toEqual([
    "Canvas app 'Board': 'Src/App.pa.yaml' changes and no packed control does, so the app stays as it was.",
  ])
  expect(await effects('Src/App.pa.yaml', 'Controls/1.json')).toEqual([])
})
