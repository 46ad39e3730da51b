import { memoryTree, noteMissing, referenceCases, unpackCase } from '../testing/reference-cases.ts'
import { verifySource } from './index.ts'

const corpus = referenceCases('corpus')
if (corpus === undefined) noteMissing('corpus')
const withCorpus = corpus === undefined ? test.skip : test

withCorpus(
  'no rule finds an error in a tree of the corpus: what an environment exports is good',
  () => {
    const errors: string[] = []
    const warnings = new Map<string, number>()
    for (const item of corpus ?? []) {
      for (const { rule, severity, file, message } of verifySource(memoryTree(unpackCase(item).files))) {
        if (severity === 'error') errors.push(`${item.id}: ${rule}: ${file}: ${message}`)
        else warnings.set(rule, (warnings.get(rule) ?? 0) + 1)
      }
    }
    console.log(
      `corpus: ${corpus?.length} trees verified; warnings: ${[...warnings].map(([rule, count]) => `${rule} ${count}`).join(', ')}`,
    )
    expect(errors).toEqual([])
  },
  600_000,
)
