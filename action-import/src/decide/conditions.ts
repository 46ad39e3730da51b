import type { Situation } from './situation.ts'

/** Something that a rule asks of the situation, with its words for the table in the README. */
export interface Condition {
  /** The column of the table. */
  readonly about: 'environment' | 'archive' | 'inputs'
  readonly words: string
  readonly holds: (situation: Situation) => boolean
}

function environment(words: string, holds: Condition['holds']): Condition {
  return { about: 'environment', words, holds }
}

function archive(words: string, holds: Condition['holds']): Condition {
  return { about: 'archive', words, holds }
}

function inputs(words: string, holds: Condition['holds']): Condition {
  return { about: 'inputs', words, holds }
}

/** The environment. */
export const isForProduction = environment(
  'is for production',
  ({ environment: kind }) => kind === 'production',
)
export const hasNothing = environment('has nothing of that name', ({ installed }) => installed === undefined)
export const hasItManaged = environment('has it managed', ({ installed }) => installed?.managed === true)
export const hasItUnmanaged = environment('has it unmanaged', ({ installed }) => installed?.managed === false)
export const hasAnotherPublisher = environment(
  'has it of another publisher',
  ({ archive: { publisher }, installed }) =>
    installed !== undefined &&
    installed.publisher !== '' &&
    installed.publisher.toLowerCase() !== publisher.toLowerCase(),
)
export const hasHigher = environment('has a higher version', ({ installed }) => installed?.order === 'lower')
export const hasSame = environment('has the same version', ({ installed }) => installed?.order === 'same')
export const hasLower = environment('has a lower version', ({ installed }) => installed?.order === 'higher')
export const hasItStaged = environment('has this version staged', ({ holding }) => holding?.order === 'same')
export const hasAnotherStaged = environment(
  'has another version staged',
  ({ holding }) => holding !== undefined && holding.order !== 'same',
)
export const hasPatches = environment('has patches of it', ({ installed }) => (installed?.patches ?? 0) > 0)
export const lacksBase = environment(
  'lacks the base solution',
  (situation) => situation.archive.patch?.hasBase === false,
)
export const hasHigherPatch = environment(
  'has a higher patch',
  (situation) => situation.archive.patch?.higherIsThere === true,
)
export const hasThisPatch = environment(
  'has a patch of this version',
  (situation) => situation.archive.patch?.isThere === true,
)

/** The archive. */
export const isManaged = archive('managed', (situation) => situation.archive.managed)
export const isUnmanaged = archive('unmanaged', (situation) => !situation.archive.managed)
export const isPatch = archive('a patch', (situation) => situation.archive.patch !== undefined)
export const removesNothing = archive('certainly removes nothing', ({ removals }) => removals === 'none')
export const removesSomething = archive('removes components', ({ removals }) => removals === 'some')
export const mayRemove = archive('may remove components', ({ removals }) => removals === 'unknown')

/** The inputs. */
export const mayNotBeUnmanaged = inputs(
  'not `allow-unmanaged-in-production`',
  ({ wishes }) => !wishes.allowUnmanagedInProduction,
)
export const skipsHigher = inputs(
  '`skip-lower-version` or `if-lower-version: skip`',
  ({ wishes }) => wishes.skipLowerVersion || wishes.ifLowerVersion === 'skip',
)
export const refusesHigher = inputs(
  '`if-lower-version: refuse` (default)',
  ({ wishes }) => wishes.ifLowerVersion === 'refuse',
)
export const skipsSame = inputs(
  '`skip-lower-version` or `if-same-version: skip`',
  ({ wishes }) => wishes.skipLowerVersion || wishes.ifSameVersion === 'skip',
)
export const failsOnSame = inputs('`if-same-version: fail`', ({ wishes }) => wishes.ifSameVersion === 'fail')
export const wantsInstall = inputs('`mode: install`', ({ wishes }) => wishes.mode === 'install')
export const wantsUpdate = inputs('`mode: update`', ({ wishes }) => wishes.mode === 'update')
export const wantsUpgrade = inputs('`mode: upgrade`', ({ wishes }) => wishes.mode === 'upgrade')
export const wantsStage = inputs('`mode: stage`', ({ wishes }) => wishes.mode === 'stage')
export const wantsUpgradeOrStage = inputs(
  '`mode: upgrade` or `stage`',
  ({ wishes }) => wishes.mode === 'upgrade' || wishes.mode === 'stage',
)
export const wantsAutoOrUpgrade = inputs(
  '`mode: auto` or `upgrade`',
  ({ wishes }) => wishes.mode === 'auto' || wishes.mode === 'upgrade',
)
