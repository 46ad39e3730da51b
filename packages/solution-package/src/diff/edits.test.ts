import { memoryTree, noteMissing, referenceCases, unpackCase } from '../testing/reference-cases.ts'
import { compareSolutions } from './compare-solutions.ts'
import { edited, EDITS, keyed, type Edit } from '../testing/edits.ts'
import type { SolutionDiff } from './report.ts'

const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

/** Rules that look at what else the solution holds, which an edit of a real tree may meet or not. */
const AROUND = new Set(['removed-but-used', 'primary-name-missing', 'managed-property-changed'])

/** How many trees each edit is tried on. */
const TREES_AN_EDIT = 7

withCorpus(
  'known edits of real trees are told, each with its property and effects, and nothing else is',
  () => {
    const tried = new Map<Edit, number>(EDITS.map((edit) => [edit, 0]))
    const wrong: string[] = []
    for (const item of corpus ?? []) {
      const waiting = EDITS.filter((edit) => (tried.get(edit) ?? 0) < TREES_AN_EDIT)
      if (waiting.length === 0) break
      const tree = memoryTree(unpackCase(item).files)
      for (const edit of waiting) {
        const path = tree.paths.find((candidate) => edit.at.test(candidate) && edited(tree, candidate, edit))
        const head = path === undefined ? undefined : edited(tree, path, edit)
        if (path === undefined || head === undefined) continue
        tried.set(edit, (tried.get(edit) ?? 0) + 1)
        const problem = problemOf(compareSolutions(keyed(tree), head), edit, path)
        if (problem !== undefined) wrong.push(`${item.id}: ${edit.name} (${path}): ${problem}`)
      }
    }
    const all = [...tried.values()].reduce((sum, count) => sum + count, 0)
    const kinds = new Set([...tried].flatMap(([edit, count]) => (count > 0 ? [edit.kind] : [])))
    console.log(
      `${all} edits of ${kinds.size} kinds: ${all - wrong.length} of ${all} told right; never tried: ${[...tried].flatMap(([edit, count]) => (count === 0 ? [edit.name] : [])).join('; ') || 'none'}`,
    )
    expect(wrong).toEqual([])
    expect(all).toBeGreaterThanOrEqual(300)
    expect(kinds.size).toBeGreaterThanOrEqual(25)
  },
  600_000,
)

function problemOf(diff: SolutionDiff, edit: Edit, path: string): string | undefined {
  const [change, ...others] = diff.changes
  if (change === undefined) return `nothing is told; quiet ${JSON.stringify(diff.quiet)}`
  if (others.length > 0) return `also told: ${others.map(({ kind, id }) => `${kind} ${id}`).join(', ')}`
  const { kind, change: what, properties, effects, files } = change
  const wanted = edit.change ?? 'changed'
  if (kind !== edit.kind && !(edit.name.startsWith('a process') && kind.length > 0)) return `is a ${kind}`
  if (what !== wanted) return `is ${what}`
  if (edit.label !== undefined) {
    const labels = properties.map(({ label }) => label)
    if (labels.length !== 1 || !edit.label.test(labels[0] ?? '')) return `tells ${JSON.stringify(properties)}`
  }
  if (files.join() !== path) return `is said to lie in ${files.join()}`
  const rules = effects.map(({ rule }) => rule).filter((rule) => !AROUND.has(rule))
  if (rules.toSorted().join() !== (edit.rules ?? []).toSorted().join())
    return `has the effects ${rules.join()}`
  return undefined
}
