import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compositeFolders, readAction, root } from '../support/actions.ts'

interface Step {
  readonly id?: string
  readonly run?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
}

/** Inputs that mean the same as those of the action that takes them, and of which most people want another value here. */
const OTHER_DEFAULTS: Readonly<Record<string, ReadonlySet<string>>> = {
  'action-sync': new Set(['publish-all']),
}

function stepsOf(folder: string): readonly Step[] {
  const { runs }: { runs: { steps: readonly Step[] } } = parse(
    readFileSync(join(root, folder, 'action.yml'), 'utf8'),
  )
  return runs.steps
}

function siblingOf({ uses = '' }: Step): string {
  return /^some-org\/dataverse-solution-actions\/(action-[\w-]+)@v0$/.exec(uses)?.[1] ?? ''
}

test('there are composite actions to look at', () => {
  expect(compositeFolders).toEqual(expect.arrayContaining(['action-deploy', 'action-sync']))
})

describe.each(compositeFolders)('%s', (folder) => {
  const { inputs, outputs, author, branding, description } = readAction(folder)
  const text = readFileSync(join(root, folder, 'action.yml'), 'utf8')

  test('uses each of its inputs, and none that it does not declare', () => {
    const used = new Set([...text.matchAll(/\binputs\.([\w-]+)/g)].map(([, name = '']) => name))
    expect([...used].toSorted()).toEqual(Object.keys(inputs).toSorted())
  })

  test('says of an input what the action says that takes it', () => {
    const told = (folderOf: string, name: string) => {
      const { default: fallback, ...input } = readAction(folderOf).inputs[name] ?? {}
      return OTHER_DEFAULTS[folder]?.has(name) === true ? input : { ...input, default: fallback }
    }
    for (const step of stepsOf(folder)) {
      const sibling = siblingOf(step)
      if (sibling === '') continue
      for (const [name, value] of Object.entries(step.with ?? {})) {
        if (
          value !== `\${{ inputs.${name} }}` ||
          ['folder', 'mode', 'solution-folder', 'version'].includes(name)
        )
          continue
        expect([name, told(folder, name)]).toEqual([name, told(sibling, name)])
      }
    }
  })

  test('takes outputs that its steps have', () => {
    const siblings = new Map(stepsOf(folder).map((step) => [step.id, siblingOf(step)]))
    const wrong = [...text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)].filter(
      ([, id, name = '']) => !(name in readAction(siblings.get(id) ?? '').outputs),
    )
    expect(wrong.map(([use]) => use)).toEqual([])
    expect(Object.values(outputs).filter(({ value }) => value === undefined)).toEqual([])
  })

  test('puts nothing from outside into a line of a shell', () => {
    expect(stepsOf(folder).filter(({ run = '' }) => run.includes('${{'))).toEqual([])
  })

  test('describes itself in sentences, and has a picture', () => {
    const bad = [inputs, outputs, { action: { description } }]
      .flatMap((group) => Object.entries<{ readonly description: string }>(group))
      .filter(([, item]) => !/^[A-Z].*\.$/s.test(item.description.trim()) || item.description.length >= 125)
    expect(bad.map(([name]) => name)).toEqual([])
    expect(author).toBe('dataverse-solution-actions')
    expect(branding).toEqual({ icon: expect.any(String), color: expect.any(String) })
  })
})
