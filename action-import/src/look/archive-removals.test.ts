import { solutionArchive } from '../testing/scripted-environment.ts'
import { Archive } from './archive.ts'
import { compareArchives } from './archive-removals.ts'
import { removalState } from './removals.ts'

const FLOW = '22222222-2222-4222-8222-222222222222'

function table(name: string, columns: readonly string[], type = 'nvarchar'): string {
  const attributes = columns.map(
    (column) =>
      `<attribute PhysicalName="${column}"><Type>${type}</Type><LogicalName>${column}</LogicalName></attribute>`,
  )
  return `<Entity><Name LocalizedName="${name} of us">${name}</Name><EntityInfo><entity Name="${name}"><attributes>${attributes.join('')}</attributes></entity></EntityInfo></Entity>`
}

const before = {
  roots: `<RootComponent type="1" schemaName="c_order" behavior="0" /><RootComponent type="1" schemaName="c_old" behavior="0" /><RootComponent type="29" id="{${FLOW}}" /><RootComponent type="10031" schemaName="c_ref" />`,
  entities: table('c_order', ['c_total', 'c_note']) + table('c_old', ['c_x']),
  sections: `<Workflows><Workflow WorkflowId="{${FLOW}}" Name="Remind"><JsonFileName>/Workflows/Remind.json</JsonFileName><Category>5</Category></Workflow></Workflows>`,
  files: { 'Workflows/Remind.json': '{}' },
}

async function removals(after: Parameters<typeof solutionArchive>[0]) {
  const [old, next] = await Promise.all([
    solutionArchive({ version: '1.0.0.0', ...before }),
    solutionArchive(after),
  ])
  return compareArchives(new Archive('old.zip', old), new Archive('next.zip', next))
}

test('the same content removes nothing', async () => {
  expect(removalState(await removals(before))).toBe('none')
})

test('tables and columns come first; a table takes its columns along; what is defined nowhere goes with its line', async () => {
  const { removed } = await removals({
    roots: '<RootComponent type="1" schemaName="c_ORDER" behavior="0" />',
    entities: table('c_order', ['c_total']),
  })
  expect(removed).toEqual([
    { kind: 'Table', name: 'c_old', data: 'rows' },
    { kind: 'Column', name: 'c_order.c_note', data: 'values' },
    { kind: 'Cloud flow', name: 'Remind' },
    { kind: 'Component of type 10031', name: 'c_ref' },
  ])
})

test('what the service will refuse is told, with what to do', async () => {
  const { refusals } = await removals({ ...before, entities: table('c_order', ['c_total', 'c_note'], 'int') })
  expect(refusals?.[0]).toMatch(
    /(?:c_note|c_total).*Dataverse refuses the import \(0x80041a06\)\. Add a new column/,
  )
})
