import { resolve } from 'node:path'
import { onRunner } from './testing/fake-runner.ts'
import { resolvePath, workspace } from './paths.ts'

test.each([
  ['out/a.zip', 'base/out/a.zip'],
  [String.raw`out\a.zip`, 'base/out/a.zip'],
  [String.raw`..\a.zip`, 'a.zip'],
  ['.', 'base'],
])('%s counts from the base', (path, expected) => {
  expect(resolvePath(resolve('base'), path)).toBe(resolve(expected))
})

test('an absolute path stays', () => {
  expect(resolvePath(resolve('base'), resolve('other/a.zip'))).toBe(resolve('other/a.zip'))
})

test('paths count from the repository, else from the folder of the process', async () => {
  await onRunner({ GITHUB_WORKSPACE: resolve('somewhere') }, () => {
    expect(workspace()).toBe(resolve('somewhere'))
  })
  await onRunner({ GITHUB_WORKSPACE: '' }, () => {
    expect(workspace()).toBe(process.cwd())
  })
})
