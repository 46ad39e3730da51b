import { run } from '../run.ts'
import { inputs, installedRow, withArchive, world } from './scripted-environment.ts'
import type { Answers, ArchiveSpec, World } from './scripted-environment.ts'

/** Test support: one import in this process against a scripted environment. */

/** An environment that has `core` in this version. */
export function there(version: string, more: object = {}): Answers[number] {
  return [/^GET solutions\?.*uniquename eq/, () => ({ json: { value: [installedRow(version, more)] } })]
}

/** One run in a folder of its own. @returns the world, the outputs, and the error if there was one */
export async function imported(
  spec: ArchiveSpec,
  answers: Answers,
  change: Parameters<typeof inputs>[0] = {},
  prepare: (root: string, world: World) => Promise<void> | void = () => {},
  environment: Readonly<Record<string, string>> = {},
): Promise<World & { result: Record<string, unknown>; failure: string }> {
  let outcome: (World & { result: Record<string, unknown>; failure: string }) | undefined
  await withArchive(spec, async (root) => {
    const own = world(root, answers, environment)
    await prepare(root, own)
    try {
      const returned = await run(inputs(change), own.deps)
      outcome = { ...own, result: { ...own.outputs, ...returned }, failure: '' }
    } catch (error) {
      outcome = { ...own, result: own.outputs, failure: String(error) }
    }
  })
  if (outcome === undefined) throw new Error('It did not run.')
  return outcome
}
