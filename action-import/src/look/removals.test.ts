import { components, table } from '../testing/made-components.ts'
import { compareArchives, holdsData, removalState } from './removals.ts'

describe('two archives', () => {
  const before = components(
    [
      [1, 'c_order'],
      [1, 'c_old'],
      [29, '{AA}'],
    ],
    { c_order: table(['c_total', 'c_note'], ['f1'], ['v1']), c_old: table(['c_x']) },
  )

  test('the same content removes nothing', () => {
    expect(removalState(compareArchives(before, before))).toBe('none')
  })

  test('tables and columns come first; a table that goes takes its columns along', () => {
    const after = components([[1, 'c_ORDER']], { c_order: table(['c_total'], [], ['v1', 'v2']) })
    const { removed } = compareArchives(before, after)
    expect(removed).toEqual([
      { type: 1, name: 'c_old' },
      { type: 2, name: 'c_order.c_note' },
      { type: 29, name: '{AA}' },
      { type: 60, name: 'c_order f1' },
    ])
    expect(removed.filter(holdsData)).toHaveLength(2)
  })
})
