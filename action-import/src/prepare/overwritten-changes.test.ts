import type { SolutionContentRow } from '@dsa/dataverse-client'
import { components } from '../testing/made-components.ts'
import { changedSince, since } from './overwritten-changes.ts'

function at(time: string): number {
  return Date.parse(`2026-11-${time}Z`)
}
const NOW = at('21T12:00')
const LAST = { version: '1.0.0.0', startedMs: at('10T08:00'), endedMs: at('10T08:20') }

describe('from when on a change counts', () => {
  test.each([
    ['the dates in the archive', at('15T09:30'), [LAST], at('15T09:30'), /exported \(2026-11-15 09:30 UTC/],
    [
      'the last import, when the archive tells nothing',
      undefined,
      [LAST],
      LAST.endedMs,
      /1\.0\.0\.0, 2026-11-10 08:20 UTC/,
    ],
    [
      'the last import, when the archive is from the future',
      at('25T00:00'),
      [LAST],
      LAST.endedMs,
      /last import/,
    ],
  ])('%s', (_, writtenMs, imports, ms, words) => {
    expect(since(writtenMs, imports, NOW)).toMatchObject({ ms, words: expect.stringMatching(words) })
  })

  test('nothing, when neither is known', () => {
    expect(since(undefined, [], NOW)).toBeUndefined()
  })
})

describe('what counts as changed', () => {
  const archive = components([
    [61, 'c_/a.js'],
    [61, 'c_/b.js'],
    [380, 'c_key'],
  ])
  const row = (type: number, name: string, time?: string): SolutionContentRow => ({
    type,
    name,
    objectId: name,
    table: '',
    isManaged: false,
    hasUnmanagedLayer: false,
    modifiedMs: time === undefined ? undefined : at(time),
  })
  const changed = (...rows: readonly SolutionContentRow[]): readonly string[] =>
    changedSince(rows, archive, at('05T00:00'), [LAST]).map(({ name }) => name)

  test('what is newer than the archive, newest first', () => {
    expect(
      changed(
        row(61, 'c_/a.js', '06T00:00'),
        row(61, 'c_/b.js', '07T00:00'),
        row(380, 'c_key', '04T00:00'),
        row(61, 'c_/a.js'),
      ),
    ).toEqual(['c_/b.js', 'c_/a.js'])
  })

  test('but not what an import of the solution wrote itself, up to a minute after its end', () => {
    expect(changed(row(61, 'c_/a.js', '10T08:20:59'), row(61, 'c_/b.js', '10T08:21:01'))).toEqual(['c_/b.js'])
  })

  test('not what the archive lacks, and no value that it does not carry', () => {
    expect(changed(row(61, 'c_/new.js', '06T00:00'), row(381, 'c_key', '06T00:00'))).toEqual([])
    const carrying = { ...archive, values: new Set(['c_key']) }
    expect(changedSince([row(381, 'C_Key', '06T00:00')], carrying, at('05T00:00'), [])).toHaveLength(1)
  })

  test('a kind that has other names in each environment is taken to be in the archive', () => {
    expect(changed(row(10_132, 'c_reference', '06T00:00'))).toEqual(['c_reference'])
  })
})
