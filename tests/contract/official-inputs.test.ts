import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionFolders, readAction, root } from '../support/actions.ts'
import { deliberate, officialActions, officialInputs } from './official-inputs.ts'

test('each action with official inputs has its row in the drop-in test, which gives every one of them', () => {
  const dropIns = readFileSync(join(root, 'tests/drop-in.test.ts'), 'utf8')
  expect(Object.keys(officialInputs).filter((folder) => !dropIns.includes(`'${folder}': {`))).toEqual([])
})

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
