import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { YAML_SOLUTION } from '../../packages/solution-package/src/testing/yaml-solution.ts'
import { runActionSync } from '../../tests/support/run-action.ts'
import { gitIn } from '../../tests/support/git.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'diff-yaml-'))
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

const column = 'entities/fly_plane/attributes/fly_name.yml'
const changed = {
  ...YAML_SOLUTION,
  [column]: (YAML_SOLUTION[column] ?? '').replace('RequiredLevel: none', 'RequiredLevel: required'),
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(workspace, folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function git(...args: readonly string[]): void {
  gitIn(workspace, ...args)
}

test('two folders of YAML source are compared by components', () => {
  write('before', YAML_SOLUTION)
  write('after', changed)
  const run = runActionSync('diff', { base: 'before', head: 'after' }, { workspace })
  expect(run.code).toBe(0)
  expect(run.outputs['changed-components']).toBe('1')
  expect(run.summary).toContain('fly_Name')
})

test('the root of Git integration is found in revisions of a repository', () => {
  git('init', '--quiet')
  write('power/hangar', YAML_SOLUTION)
  git('add', '.')
  git('commit', '--quiet', '--message', 'before')
  write('power/hangar', changed)
  git('commit', '--quiet', '--all', '--message', 'after')
  const run = runActionSync('diff', { base: 'HEAD~1', head: 'HEAD' }, { workspace })
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
  expect(run.outputs['changed-components']).toBe('1')
})

test.each(['pack', 'diff'])('a link among the files of YAML source is not followed: %s', (action) => {
  write('before', YAML_SOLUTION)
  write('after', changed)
  writeFileSync(join(workspace, 'outside.yml'), 'attribute: secret')
  rmSync(join(workspace, 'after', column))
  symlinkSync(join(workspace, 'outside.yml'), join(workspace, 'after', column))
  const run =
    action === 'pack'
      ? runActionSync('pack', { 'solution-folder': 'after', 'solution-file': 'out.zip' }, { workspace })
      : runActionSync('diff', { base: 'before', head: 'after' }, { workspace })
  expect(run.code).toBe(1)
  expect(run.annotations[0]?.message).toContain(`'${column}' in`)
  expect(run.annotations[0]?.message).toContain('is a link')
  expect(run.log).not.toContain('secret')
})
