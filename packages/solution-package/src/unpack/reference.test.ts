import { join } from 'node:path'
import {
  differences,
  expectedHashes,
  noteMissing,
  notOnPurpose,
  referenceCases,
  unpackCase,
} from '../testing/reference-cases.ts'

const corpus = referenceCases('corpus')
const probes = referenceCases('probes')?.filter(({ action }) => action === 'Extract')

/** Options of the run around unpacking, tested where they are implemented. */
const OF_THE_RUN = /^option-/

if (corpus === undefined) noteMissing('corpus')
if (probes === undefined) noteMissing('probes')

const withCorpus = corpus === undefined ? test.skip : test
const withProbes = probes === undefined ? test.skip : test

withCorpus(
  'every archive of the corpus unpacks to the identical tree',
  () => {
    const wrong = (corpus ?? []).flatMap((item) => {
      const lines = differences(unpackCase(item).files, expectedHashes(join(item.folder, 'expected.sha256')))
      return lines.length === 0 ? [] : [`${item.id}: ${lines.slice(0, 5).join(', ')}`]
    })
    const total = corpus?.length ?? 0
    console.log(`corpus: ${total - wrong.length} of ${total} archives unpack to the identical tree`)
    expect(wrong).toEqual([])
  },
  600_000,
)

/** What the old tool unpacks and we do not; docs/unpack.md says why. */
const REFUSED_ON_PURPOSE = new Set(['both-names-differ'])

withProbes(
  'every probe unpacks to the identical tree, or fails where the reference fails',
  () => {
    const tested = (probes ?? []).filter(({ id }) => !OF_THE_RUN.test(id))
    const wrong = tested.flatMap((item) => {
      if (item.fails || REFUSED_ON_PURPOSE.has(item.id)) {
        const message = failure(() => unpackCase(item))
        return message === undefined ? [`${item.id}: does not fail`] : []
      }
      const lines = notOnPurpose(
        item.id,
        differences(unpackCase(item).files, expectedHashes(join(item.folder, 'expected.sha256'))),
      )
      return lines.length === 0 ? [] : [`${item.id}: ${lines.slice(0, 5).join(', ')}`]
    })
    const others = (probes ?? []).length - tested.length
    console.log(
      `probes: ${tested.length - wrong.length} of ${tested.length} as expected; ${others} of options of the run are tested elsewhere`,
    )
    expect(wrong).toEqual([])
  },
  60_000,
)

/** The message of an error of ours; any other error is a defect and is thrown on. */
function failure(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Error && /^(?:Solution|Xml|Zip)Error$/.test(error.name)) return error.message
    throw error
  }
}
