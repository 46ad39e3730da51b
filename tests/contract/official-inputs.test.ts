import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/actions.ts'
import { officialInputs } from './official-inputs.ts'

/** The tests of an action, without what they test. */
function testsOf(folder: string): string {
  return readdirSync(join(root, folder, 'src'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, folder, 'src', name), 'utf8'))
    .join('\n')
}

/** Tests give the connection as one block. */
const connection = readFileSync(join(root, 'tests/support/emulated.ts'), 'utf8')

/** Those of the table of drop-in tests have an effect there. */
const dropIns = readFileSync(join(root, 'tests/drop-in.test.ts'), 'utf8')

test.each(Object.entries(officialInputs).filter(([folder]) => !dropIns.includes(`'${folder}': {`)))(
  'each official input of %s is given in a test',
  (folder, inputs) => {
    const text = `${testsOf(folder)}\n${connection}`
    const never = Object.keys(inputs).filter((name) => !new RegExp(`'${name}'|\\b${name}:`).test(text))
    expect(never).toEqual([])
  },
)
