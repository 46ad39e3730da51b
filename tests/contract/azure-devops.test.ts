import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAction, root } from '../support/actions.ts'

const page = readFileSync(join(root, 'docs', 'azure-devops.md'), 'utf8')

/** Sections that move a task to an action: what stands in the second column of their rows. */
const sections = [...page.matchAll(/^`(\w+)` becomes `(action-[\w-]+)`\.\n(.*?)(?=^#|$(?![\s\S]))/gms)].map(
  ([, task = '', folder = '', rows = '']) => ({
    task,
    folder,
    named: [...rows.matchAll(/^\| `\w+` +\| (.*?) *\|$/gm)].map(([, here = '']) => here),
  }),
)

test('six tasks of Azure DevOps have a table of their inputs', () => {
  expect(sections.map(({ task }) => task)).toHaveLength(6)
  for (const { named } of sections) expect(named.length).toBeGreaterThan(1)
})

test.each(sections)(
  'each input that takes the place of one of $task is an input of $folder',
  ({ folder, named }) => {
    const { inputs } = readAction(folder)
    const unknown = named
      .filter((here) => !here.startsWith('not needed'))
      .map((here) => /^`([\w-]+)`/.exec(here)?.[1] ?? here)
      .filter((name) => !(name in inputs))
    expect(unknown).toEqual([])
  },
)
