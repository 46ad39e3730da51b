import type { AsyncOperation } from '@dsa/dataverse-client'
import { placeOf } from './place-in-queue.ts'

function job(id: string, second: number, status = 'waiting for resources'): AsyncOperation {
  return {
    id,
    messageName: 'ImportSolutionAsync',
    name: '',
    state: 'running',
    status,
    message: '',
    friendlyMessage: '',
    errorCode: '',
    createdOn: `2026-01-01T00:00:0${second}Z`,
    startedOn: '',
    completedOn: '',
    createdBy: 'me',
  }
}

test.each<[string, readonly AsyncOperation[], ReturnType<typeof placeOf>]>([
  ['alone', [job('own', 1)], 'first'],
  ['before another', [job('own', 1), job('other', 2)], 'first'],
  ['behind another', [job('own', 2), job('other', 1)], 'later'],
  ['running already', [job('own', 2, 'in progress'), job('other', 1)], 'first'],
  ['behind one that runs', [job('own', 1), job('other', 2, 'in progress')], 'later'],
  ['in the second of one with a lower id', [job('own', 1), job('a', 1)], 'later'],
  ['in the second of one with a higher id', [job('own', 1), job('x', 1)], 'tied'],
  ['not shown yet', [job('other', 1)], 'tied'],
  ['over already', [], 'first'],
])('a job that is %s', (_, unfinished, place) => {
  expect(placeOf('own', unfinished)).toBe(place)
})
