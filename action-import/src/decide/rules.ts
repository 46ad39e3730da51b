import * as is from './conditions.ts'
import type { Condition } from './conditions.ts'
import type { Situation } from './situation.ts'

/** `import` is an unmanaged one, which merges; the others are what the platform calls them. */
export type Action = 'install' | 'update' | 'upgrade' | 'stage' | 'promote' | 'import' | 'skip'

type Words = (situation: Situation) => string

/** A row of the table of decisions: all of its conditions must hold. */
export interface Rule {
  readonly when: readonly Condition[]
  readonly action: Action | 'refuse'
  /** Why, in words that follow the decision. */
  readonly because: Words
  /** What to do instead; of a refusal only. */
  readonly wayOut?: Words
  /** What is done differently from what was asked for, or what the reader may not expect. */
  readonly notice?: Words
  /** What the platform would answer. */
  readonly code?: string
}

function there({ installed }: Situation): string {
  return installed?.version ?? ''
}

/** Refusals and special states first; the first rule that fits decides, and every situation has one. */
export const RULES: readonly Rule[] = [
  // What must not happen, whatever is wished for.
  {
    when: [is.isForProduction, is.isUnmanaged, is.mayNotBeUnmanaged],
    action: 'refuse',
    because: () =>
      'the archive is unmanaged and the environment is a production one. What is imported unmanaged cannot be removed again.',
    wayOut: () =>
      "Give the managed archive (action-pack makes it from source). If this environment is not one for production, say so with 'environment-kind'; " +
      "if it must be, 'allow-unmanaged-in-production: true'.",
  },
  {
    when: [is.hasItUnmanaged, is.isManaged],
    action: 'refuse',
    code: '0x80048040',
    because: ({ archive }) =>
      `'${archive.name}' is installed unmanaged here, and a managed one cannot go over it (0x80048040).`,
    wayOut: () =>
      'Delete the unmanaged solution in the environment first (its components and data stay), then run this again: the managed one takes them over. ' +
      'Try it in a copy of the environment. If this is a development environment, give the unmanaged archive.',
  },
  {
    when: [is.hasItManaged, is.isUnmanaged],
    action: 'refuse',
    code: '0x80048041',
    because: ({ archive }) =>
      `'${archive.name}' is installed managed here, and an unmanaged one cannot go over it (0x80048041).`,
    wayOut: () =>
      'Give the managed archive. To develop here, uninstall the managed solution first, which deletes its data.',
  },
  {
    when: [is.hasAnotherPublisher, is.isManaged],
    action: 'refuse',
    code: '0x8004801c',
    because: ({ archive, installed }) =>
      `'${archive.name}' is of publisher '${installed?.publisher}' here and of '${archive.publisher}' in the archive; a managed solution cannot change it (0x8004801c).`,
    wayOut: () => 'Build the archive with the publisher that is installed.',
  },
  {
    when: [is.lacksBase, is.isPatch],
    action: 'refuse',
    code: '0x80048540',
    because: () => 'the archive is a patch, and its base solution is not here (0x80048540).',
    wayOut: () => 'Install the base solution first.',
  },

  // Patches.
  {
    when: [is.hasHigherPatch, is.isPatch, is.skipsHigher],
    action: 'skip',
    because: () => 'the environment has a patch with a higher version',
  },
  {
    when: [is.hasHigherPatch, is.isPatch],
    action: 'refuse',
    code: '0x80061771',
    because: () => 'the archive is a patch, and a patch with a higher version is here (0x80061771).',
    wayOut: () => 'Raise the version of the patch.',
  },
  {
    when: [is.hasThisPatch, is.isPatch, is.skipsSame],
    action: 'skip',
    because: ({ archive }) => `the environment has the patch's version ${archive.version}`,
  },
  {
    when: [is.hasThisPatch, is.isPatch],
    action: 'refuse',
    code: '0x8004f042',
    because: ({ archive }) =>
      `the archive is a patch, and its version ${archive.version} is here already (0x8004f042).`,
    wayOut: () => 'Raise the version of the patch.',
  },
  {
    when: [is.isPatch],
    action: 'install',
    because: () => 'a patch goes beside its base solution',
  },

  // Nothing is there.
  {
    when: [is.hasNothing, is.isUnmanaged],
    action: 'import',
    because: () => 'nothing of that name is there; its components become editable there',
  },
  {
    when: [is.hasNothing, is.wantsUpgradeOrStage],
    action: 'install',
    because: () => 'nothing of that name is there',
    notice: () => 'There was nothing to upgrade, so the solution was installed.',
  },
  {
    when: [is.hasNothing],
    action: 'install',
    because: () => 'nothing of that name is there',
  },

  // What was said about versions is obeyed, whatever else is asked for.
  {
    when: [is.hasHigher, is.skipsHigher],
    action: 'skip',
    because: (situation) => `the environment has the higher version ${there(situation)}`,
  },
  {
    when: [is.hasSame, is.skipsSame],
    action: 'skip',
    because: (situation) => `the environment has the same version ${there(situation)}`,
  },
  {
    when: [is.hasSame, is.failsOnSame],
    action: 'refuse',
    because: (situation) =>
      `the environment has the same version ${there(situation)} ('if-same-version: fail').`,
    wayOut: () => 'Raise the version of the solution.',
  },
  {
    when: [is.wantsInstall],
    action: 'refuse',
    because: (situation) =>
      `'${situation.archive.name}' ${there(situation)} is there already, and the mode is 'install'.`,
    wayOut: () => "Use 'mode: auto' to update or upgrade what is there.",
  },
  {
    when: [is.hasHigher, is.isManaged, is.wantsUpgradeOrStage],
    action: 'refuse',
    code: '0x80048541',
    because: (situation) =>
      `the environment has the higher version ${there(situation)}, and an upgrade needs a higher one than that (0x80048541).`,
    wayOut: () => 'Raise the version of the solution.',
  },
  {
    when: [is.hasHigher, is.refusesHigher],
    action: 'refuse',
    because: (situation) =>
      `the archive has version ${situation.archive.version}, and the environment has the higher ${there(situation)}.`,
    wayOut: ({ archive }) =>
      "Raise the version of the solution. To go back on purpose, 'if-lower-version: update'" +
      `${archive.managed ? ' (adds and changes, removes nothing)' : ''}; to pass over it, 'if-lower-version: skip'.`,
  },

  // An upgrade that was staged and never applied.
  {
    when: [is.hasItStaged, is.wantsStage],
    action: 'skip',
    because: ({ holding }) => `version ${holding?.version} is staged already, to be applied later`,
  },
  {
    when: [is.hasItStaged, is.wantsAutoOrUpgrade],
    action: 'promote',
    because: ({ archive, holding }) =>
      `version ${holding?.version} of '${archive.name}' is staged already and only has to be applied`,
  },
  ...[is.hasItStaged, is.hasAnotherStaged].map((isStaged): Rule => ({
    when: [isStaged],
    action: 'refuse',
    because: ({ archive, holding }) =>
      `an upgrade of '${archive.name}' to ${holding?.version} is staged and was never applied ('${archive.name}_Upgrade').`,
    wayOut: ({ archive }) =>
      `Apply it (mode: promote, or "Apply solution upgrade" in the maker portal) or delete the solution '${archive.name}_Upgrade', then run this again.`,
  })),

  // Unmanaged over unmanaged.
  {
    when: [is.hasHigher, is.isUnmanaged],
    action: 'import',
    because: (situation) =>
      `version ${situation.archive.version} goes over the higher ${there(situation)}, as 'if-lower-version: update' says`,
    notice: (situation) =>
      `The archive (${situation.archive.version}) is older than what the environment has (${there(situation)}).`,
  },
  {
    when: [is.isUnmanaged, is.wantsUpgradeOrStage],
    action: 'import',
    because: (situation) =>
      `unmanaged over unmanaged ${there(situation)}: it merges, and overwrites newer work there`,
    notice: () => 'An unmanaged solution cannot be upgraded; it was imported.',
  },
  {
    when: [is.isUnmanaged],
    action: 'import',
    because: (situation) =>
      `unmanaged over unmanaged ${there(situation)}: it merges, and overwrites newer work there`,
  },

  // Managed over managed.
  {
    when: [is.hasHigher],
    action: 'update',
    because: (situation) =>
      `version ${situation.archive.version} goes over the higher ${there(situation)}, as 'if-lower-version: update' says`,
    notice: () =>
      'An update to an older version adds and changes only: what the newer version brought stays.',
  },
  {
    when: [is.hasSame, is.wantsStage],
    action: 'refuse',
    code: '0x80048541',
    because: (situation) =>
      `the environment has the same version ${there(situation)}, and an upgrade needs a higher one (0x80048541).`,
    wayOut: () => 'Raise the version of the solution.',
  },
  {
    when: [is.hasSame, is.wantsUpgrade],
    action: 'update',
    because: (situation) => `the environment has the same version ${there(situation)}`,
    notice: (situation) =>
      `The version was not raised: ${there(situation)} is imported over ${there(situation)} as an update, since an upgrade needs a higher version.`,
  },
  {
    when: [is.hasSame],
    action: 'update',
    because: (situation) => `the environment has the same version ${there(situation)}`,
    notice: (situation) =>
      `The version was not raised: ${there(situation)} is imported over ${there(situation)}.`,
  },
  {
    when: [is.hasLower, is.wantsStage],
    action: 'stage',
    because: () => 'the new version is put beside the old one, to be applied later',
  },
  {
    when: [is.hasLower, is.wantsUpgrade],
    action: 'upgrade',
    because: () => 'an upgrade was asked for',
  },
  {
    when: [is.hasLower, is.wantsUpdate],
    action: 'update',
    because: () => 'an update was asked for',
  },
  {
    when: [is.hasPatches],
    action: 'upgrade',
    because: ({ installed }) => `${installed?.patches} patches are there, which an upgrade rolls up`,
  },
  {
    when: [is.removesNothing],
    action: 'update',
    because: () => 'nothing was removed from the solution',
  },
  {
    when: [is.removesSomething],
    action: 'upgrade',
    because: () => 'components were removed from the solution',
  },
  {
    when: [is.mayRemove],
    action: 'upgrade',
    because: () => 'it is not certain that nothing was removed from the solution',
  },
]
