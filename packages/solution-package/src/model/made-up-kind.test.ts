import { jest } from '@jest/globals'
import type { Kind } from './kind.ts'

/** A kind that no environment has. */
const GIZMO: Kind = {
  section: 'Gizmos',
  components: [
    {
      type: 999,
      label: 'Gizmo',
      platformName: 'gizmo',
      at: ['Gizmo'],
      id: '@gizmoid',
      name: 'Title',
    },
  ],
  layout: 'items',
  item: 'Gizmo',
  path: 'Gizmos/{Title}.gizmo.xml',
  files: [{ rule: 'named', named: 'Blueprint', path: 'Gizmos/{=:file}' }],
  claims: ['Gizmos'],
  rootComponent: { id: '@gizmoid', checked: true },
}

const real = await import('./kinds.ts')
jest.unstable_mockModule('./kinds.ts', () => ({ KINDS: [...real.KINDS, GIZMO] }))
const {
  archiveSource,
  componentTypeName,
  describeKinds,
  namedFiles,
  packSolution,
  Solution,
  unpackSolution,
  verifySource,
} = await import('../index.ts')
const { compareSolutions } = await import('../diff/compare-solutions.ts')
const { memoryTree } = await import('../testing/reference-cases.ts')
const { parts } = await import('../testing/solution.ts')

const sections =
  '<Gizmos><Gizmo gizmoid="{1}"><Title>Spinner</Title><Blueprint>/Gizmos/a1.svg</Blueprint></Gizmo></Gizmos>'
const rootComponents = '<RootComponent type="999" id="{1}" />'
const files = { 'Gizmos/a1.svg': '<svg/>' }

describe('one row for a kind that is new', () => {
  test('unpacks it, packs it again and tells its files', async () => {
    const archive = parts({ sections, rootComponents, files })
    expect(namedFiles(archive).map(({ part }) => part)).toEqual(['Gizmos/a1.svg'])
    const unpacked = unpackSolution({ archive }, { packageType: 'Unmanaged' })
    expect([...unpacked.files.keys()]).toEqual([
      'Gizmos/a1.svg',
      'Gizmos/Spinner.gizmo.xml',
      'Other/Customizations.xml',
      'Other/Solution.xml',
    ])
    const { warnings, components } = await packSolution(memoryTree(new Map(unpacked.files)), {
      packageType: 'Unmanaged',
    })
    expect(warnings).toEqual([])
    expect([...components]).toEqual([['Gizmo', 1]])
  })

  test('verifies it: a missing file, a root component that nobody lists, one that has no file', () => {
    const found = (fixture: Parameters<typeof parts>[0], without: string): string[] => {
      const { files: all } = unpackSolution({ archive: parts(fixture) }, { packageType: 'Unmanaged' })
      const kept = [...all].filter(([path]) => path !== without)
      return verifySource(memoryTree(new Map(kept))).map(({ rule }) => rule)
    }
    expect(found({ sections, rootComponents, files }, 'Gizmos/a1.svg')).toEqual(['named-file-missing'])
    expect(found({ sections, files }, '')).toEqual(['file-without-root-component'])
    expect(found({ sections, rootComponents, files }, 'Gizmos/Spinner.gizmo.xml')).toContain(
      'root-component-without-file',
    )
  })

  test('names it in summaries, in the docs and among the components of an archive', () => {
    expect(componentTypeName(999)).toBe('Gizmo')
    expect(describeKinds().at(-1)).toMatchObject({ section: 'Gizmos', components: ['Gizmo'] })
    const [gizmo] = new Solution(archiveSource(parts({ sections, rootComponents, files }))).components()
    expect(gizmo).toMatchObject({ name: 'Spinner', id: '{1}', row: { label: 'Gizmo' } })
  })

  test('compares it: by its id, also where its name and file are other ones, under its place in the source', () => {
    const tree = (title: string) => {
      const archive = parts({ sections: sections.replace('Spinner', title), rootComponents, files })
      return memoryTree(new Map(unpackSolution({ archive }, { packageType: 'Unmanaged' }).files))
    }
    expect(compareSolutions(tree('Spinner'), tree('Whirl')).changes).toMatchObject([
      { change: 'changed', kind: 'other', id: 'gizmos/whirl.gizmo.xml', name: 'Gizmo Whirl' },
    ])
  })
})
