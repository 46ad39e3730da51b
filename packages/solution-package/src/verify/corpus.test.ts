import { memoryTree, noteMissing, referenceCases, unpackCase } from '../testing/reference-cases.ts'
import { verifySource } from './index.ts'

const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

const lostByOldTool = new Set(['named-file-missing', 'root-component-without-file'])

withCorpus(
  'no rule finds an error in a tree of the corpus: what an environment exports is good',
  () => {
    const errors: string[] = []
    const warnings = new Map<string, number>()
    const unclaimed = new Set<string>()
    const lacking = new Set<string>()
    for (const item of corpus ?? []) {
      for (const { rule, severity, file, message } of verifySource(memoryTree(unpackCase(item).files))) {
        if (rule === 'unclaimed-file') unclaimed.add(item.id)
        // The old tool packed some of the archives: it lost files of canvas apps, and took a source without its flow.
        if (lostByOldTool.has(rule) && item.origin !== 'exported') lacking.add(item.id)
        else if (severity === 'error') errors.push(`${item.id}: ${rule}: ${file}: ${message}`)
        else warnings.set(rule, (warnings.get(rule) ?? 0) + 1)
      }
    }
    console.log(
      `corpus: ${corpus?.length} trees verified; warnings: ${[...warnings].map(([rule, count]) => `${rule} ${count}`).join(', ')}; with unclaimed files: ${[...unclaimed].join(', ')}; packed by the old tool without files that they name or list: ${lacking.size}`,
    )
    expect(errors).toEqual([])
    expect(warnings.get('relationship-without-column')).toBeUndefined()
  },
  600_000,
)
