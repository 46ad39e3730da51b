import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionFolders, readAction, root } from '../support/actions.ts'
import { deliberate, officialActions, officialInputs } from './official-inputs.ts'

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

test('every official input of an action that has a successor is declared there, or the guide says what to write instead', () => {
  const silent = Object.entries(officialActions).flatMap(([action, { ours, inputs, instead }]) => {
    const declared = ours === '' ? undefined : readAction(ours).inputs
    return inputs
      .filter((name) => declared !== undefined && !(name in declared) && instead[name] === undefined)
      .map((name) => `${action}: ${name}`)
  })
  expect(silent).toEqual([])
})

test('every action that takes the inputs of an official one is the successor of one', () => {
  const successors = new Set(Object.values(officialActions).map(({ ours }) => ours))
  expect(Object.keys(officialInputs).filter((folder) => !successors.has(folder))).toEqual([])
  expect([...successors].filter((folder) => folder !== '' && !actionFolders.includes(folder))).toEqual([])
  expect(Object.keys(deliberate).filter((folder) => officialInputs[folder] === undefined)).toEqual([])
})
