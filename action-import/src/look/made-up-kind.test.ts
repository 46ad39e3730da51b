import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import type { Kind } from '../../../packages/solution-package/src/model/kind.ts'

/** A kind that no environment has: one row of the model. */
const GIZMO: Kind = {
  section: 'Gizmos',
  components: [
    { type: 999, label: 'Gizmo', platformName: 'gizmo', at: ['Gizmo'], id: '@gizmoid', name: 'Title' },
  ],
  layout: 'items',
  item: 'Gizmo',
  path: 'Gizmos/{Title}.gizmo.xml',
  claims: ['Gizmos'],
  rootComponent: { id: '@gizmoid', checked: true },
}

const kinds = '../../../packages/solution-package/src/model/kinds.ts'
const real: { readonly KINDS: readonly Kind[] } = await import(kinds)
jest.unstable_mockModule(kinds, () => ({ KINDS: [...real.KINDS, GIZMO] }))
const { withEmulator } = await import('../testing/emulated-environment.ts')
const { solutionArchive, withArchive } = await import('../testing/scripted-environment.ts')

const IDS = {
  Spinner: '11111111-1111-4111-8111-111111111111',
  Whirl: '22222222-2222-4222-8222-222222222222',
} as const

function withGizmos(...names: (keyof typeof IDS)[]) {
  return {
    roots: names.map((name) => `<RootComponent type="999" id="{${IDS[name]}}" behavior="0" />`).join(''),
    sections: `<Gizmos>${names.map((name) => `<Gizmo gizmoid="{${IDS[name]}}"><Title>${name}</Title></Gizmo>`).join('')}</Gizmos>`,
  }
}

test('one row makes a new kind appear by its names in an environment, and in what an upgrade deletes', async () => {
  await withArchive(withGizmos('Spinner'), (folder) =>
    withEmulator(
      {},
      async (emulator, act) => {
        const before = await solutionArchive({ version: '1.0.0.0', ...withGizmos('Spinner', 'Whirl') })
        emulator.seed('prod', { source: 'before', archive: before })
        const { summary, failure } = await act('prod', { mode: 'check' })
        expect(failure).toBe('')
        expect(summary.join('\n')).toContain('Gizmo | Whirl')
        expect(summary.join('\n')).not.toContain('Spinner')

        await writeFile(join(folder, 'before.zip'), before)
        const compared = await act('prod', { mode: 'check', previousSolutionFiles: ['before.zip'] })
        expect(compared.summary.join('\n')).toMatch(/Gizmo Whirl/)
        expect(compared.summary.join('\n')).not.toContain('Spinner')
      },
      folder,
    ),
  )
})
