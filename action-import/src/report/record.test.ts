import { basename } from 'node:path'
import { imported, there } from '../testing/scripted-run.ts'

test.each([
  ['a run that succeeds', '1.0.0.0', ''],
  ['a run that is refused', '9.0.0.0', 'RefusedError'],
])('the record of %s is an artifact by its name', async (_, installed, error) => {
  const answers = [there(installed)]
  const { uploads, result, failure } = await imported({}, answers, { recordArtifactName: 'import-record' })
  expect(failure.split(':')[0]).toBe(error)
  expect(uploads).toEqual([['import-record', [result['record-file']]]])
  expect(basename(String(result['record-file']))).toMatch(/^import-record-[\da-f-]{36}\.json$/)
})

test('no artifact is made without a name', async () => {
  const { uploads, result } = await imported({}, [])
  expect(uploads).toEqual([])
  expect(result['record-file']).toBeDefined()
})
