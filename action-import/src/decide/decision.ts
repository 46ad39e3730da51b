import type { Situation, VersionOrder } from './situation.ts'

/** `import` is an unmanaged one, which merges; the others are what the platform calls them. */
export type Action = 'install' | 'update' | 'upgrade' | 'stage' | 'promote' | 'import' | 'skip'

export type Decision =
  | { readonly action: Action; readonly because: string; readonly notices: readonly string[] }
  | { readonly action: 'refuse'; readonly because: string; readonly wayOut: string }

interface Rule {
  readonly when: (situation: Situation) => boolean
  readonly gives: (situation: Situation) => Decision
}

function go(action: Action, because: string, ...notices: string[]): Decision {
  return { action, because, notices }
}
function refuse(because: string, wayOut: string): Decision {
  return { action: 'refuse', because, wayOut }
}

function isUpgrade({ wishes }: Situation): boolean {
  return wishes.mode === 'upgrade' || wishes.mode === 'stage'
}
function skipsLower({ wishes }: Situation): boolean {
  return wishes.skipLowerVersion && !wishes.forceOverwrite
}
function order({ installed }: Situation): VersionOrder | undefined {
  return installed?.order
}
function there({ installed }: Situation): string {
  return installed?.version ?? ''
}

/** What must not happen, whatever is wished for. */
const REFUSALS: readonly Rule[] = [
  {
    when: ({ environment, archive, wishes }) =>
      environment === 'production' && !archive.managed && !wishes.allowUnmanagedInProduction,
    gives: () =>
      refuse(
        'the archive is unmanaged and the environment is a production one. What is imported unmanaged cannot be removed again.',
        "Give the managed archive (action-pack makes it from source). If this environment is not one for production, say so with 'environment-kind'; " +
          "if it must be, 'allow-unmanaged-in-production: true'.",
      ),
  },
  {
    when: ({ archive, installed }) => archive.managed && installed?.managed === false,
    gives: ({ archive }) =>
      refuse(
        `'${archive.name}' is installed unmanaged here, and a managed one cannot go over it (0x80048040).`,
        'Delete the unmanaged solution in the environment first (its components and data stay), then run this again: the managed one takes them over. ' +
          'Try it in a copy of the environment. If this is a development environment, give the unmanaged archive.',
      ),
  },
  {
    when: ({ archive, installed }) => !archive.managed && installed?.managed === true,
    gives: ({ archive }) =>
      refuse(
        `'${archive.name}' is installed managed here, and an unmanaged one cannot go over it (0x80048041).`,
        'Give the managed archive. To develop here, uninstall the managed solution first, which deletes its data.',
      ),
  },
  {
    when: ({ archive, installed }) =>
      archive.managed &&
      installed !== undefined &&
      installed.publisher !== '' &&
      installed.publisher.toLowerCase() !== archive.publisher.toLowerCase(),
    gives: ({ archive, installed }) =>
      refuse(
        `'${archive.name}' is of publisher '${installed?.publisher}' here and of '${archive.publisher}' in the archive; a managed solution cannot change it (0x8004801c).`,
        'Build the archive with the publisher that is installed.',
      ),
  },
]

/** An upgrade that was staged and never applied, and archives that are patches. */
const SPECIAL: readonly Rule[] = [
  {
    when: ({ holding }) => holding?.order === 'same',
    gives: ({ archive, holding }) =>
      go(
        'promote',
        `version ${holding?.version} of '${archive.name}' is staged already and only has to be applied`,
      ),
  },
  {
    when: ({ holding }) => holding !== undefined,
    gives: ({ archive, holding }) =>
      refuse(
        `an upgrade of '${archive.name}' to ${holding?.version} is staged and was never applied ('${archive.name}_Upgrade').`,
        `Apply it (mode: promote, or "Apply solution upgrade" in the maker portal) or delete the solution '${archive.name}_Upgrade', then run this again.`,
      ),
  },
  {
    when: ({ archive }) => archive.patch?.hasBase === false,
    gives: () =>
      refuse(
        'the archive is a patch, and its base solution is not here (0x80048540).',
        'Install the base solution first.',
      ),
  },
  {
    when: ({ archive }) => archive.patch?.isThere === true,
    gives: ({ archive }) =>
      refuse(
        `the archive is a patch, and its version ${archive.version} is here already (0x8004f042).`,
        'Raise the version of the patch.',
      ),
  },
  {
    when: ({ archive }) => archive.patch?.higherIsThere === true,
    gives: () =>
      refuse(
        'the archive is a patch, and a patch with a higher version is here (0x80061771).',
        'Raise the version of the patch.',
      ),
  },
  {
    when: ({ archive }) => archive.patch !== undefined,
    gives: () => go('install', 'a patch goes beside its base solution'),
  },
]

const ABSENT: readonly Rule[] = [
  {
    when: (situation) => situation.installed === undefined && !situation.archive.managed,
    gives: () => go('import', 'nothing of that name is there; its components become editable there'),
  },
  {
    when: (situation) => situation.installed === undefined && isUpgrade(situation),
    gives: () =>
      go(
        'install',
        'nothing of that name is there',
        'There was nothing to upgrade, so the solution was installed.',
      ),
  },
  {
    when: ({ installed }) => installed === undefined,
    gives: () => go('install', 'nothing of that name is there'),
  },
]

const UNMANAGED: readonly Rule[] = [
  {
    when: (situation) => !situation.archive.managed && skipsLower(situation) && order(situation) !== 'higher',
    gives: (situation) =>
      go('skip', `the environment has version ${there(situation)} ('skip-lower-version')`),
  },
  {
    when: (situation) => !situation.archive.managed && situation.wishes.mode === 'install',
    gives: (situation) => alreadyThere(situation),
  },
  {
    when: ({ archive }) => !archive.managed,
    gives: (situation) =>
      go(
        'import',
        `unmanaged over unmanaged ${there(situation)}: it merges, and overwrites newer work there`,
        ...(order(situation) === 'lower'
          ? [
              `The archive (${situation.archive.version}) is older than what the environment has (${there(situation)}).`,
            ]
          : []),
        ...(isUpgrade(situation) ? ['An unmanaged solution cannot be upgraded; it was imported.'] : []),
      ),
  },
]

function alreadyThere(situation: Situation): Decision {
  return refuse(
    `'${situation.archive.name}' ${there(situation)} is there already, and the mode is 'install'.`,
    "Use 'mode: auto' to update or upgrade what is there.",
  )
}

const MANAGED_LOWER: readonly Rule[] = [
  {
    when: (situation) => skipsLower(situation) || situation.wishes.ifLowerVersion === 'skip',
    gives: (situation) => go('skip', `the environment has the higher version ${there(situation)}`),
  },
  {
    when: (situation) => isUpgrade(situation),
    gives: (situation) =>
      refuse(
        `the environment has the higher version ${there(situation)}, and an upgrade needs a higher one than that (0x80048541).`,
        'Raise the version of the solution.',
      ),
  },
  {
    when: ({ wishes }) => wishes.ifLowerVersion === 'update',
    gives: (situation) =>
      go(
        'update',
        `version ${situation.archive.version} goes over the higher ${there(situation)}, as 'if-lower-version: update' says`,
        'An update to an older version adds and changes only: what the newer version brought stays.',
      ),
  },
  {
    when: () => true,
    gives: (situation) =>
      refuse(
        `the archive has version ${situation.archive.version}, and the environment has the higher ${there(situation)}.`,
        "Raise the version of the solution. To go back on purpose, 'if-lower-version: update' (adds and changes, removes nothing); to pass over it, 'if-lower-version: skip'.",
      ),
  },
]

const MANAGED_SAME: readonly Rule[] = [
  {
    when: (situation) =>
      skipsLower(situation) ||
      (situation.wishes.ifSameVersion === 'skip' && !situation.wishes.forceOverwrite),
    gives: (situation) => go('skip', `the environment has the same version ${there(situation)}`),
  },
  {
    when: ({ wishes }) => wishes.ifSameVersion === 'fail',
    gives: (situation) =>
      refuse(
        `the environment has the same version ${there(situation)} ('if-same-version: fail').`,
        'Raise the version of the solution.',
      ),
  },
  {
    when: ({ wishes }) => wishes.mode === 'stage',
    gives: (situation) =>
      refuse(
        `the environment has the same version ${there(situation)}, and an upgrade needs a higher one (0x80048541).`,
        'Raise the version of the solution.',
      ),
  },
  {
    when: () => true,
    gives: (situation) =>
      go(
        'update',
        `the environment has the same version ${there(situation)}`,
        `The version was not raised: ${there(situation)} is imported over ${there(situation)}` +
          (isUpgrade(situation) ? ' as an update, since an upgrade needs a higher version.' : '.'),
      ),
  },
]

const MANAGED_HIGHER: readonly Rule[] = [
  {
    when: ({ wishes }) => wishes.mode === 'stage',
    gives: () => go('stage', 'the new version is put beside the old one, to be applied later'),
  },
  { when: ({ wishes }) => wishes.mode === 'upgrade', gives: () => go('upgrade', 'an upgrade was asked for') },
  { when: ({ wishes }) => wishes.mode === 'update', gives: () => go('update', 'an update was asked for') },
  {
    when: ({ installed }) => (installed?.patches ?? 0) > 0,
    gives: ({ installed }) =>
      go('upgrade', `${installed?.patches} patches are there, which an upgrade rolls up`),
  },
  {
    when: ({ removals }) => removals === 'none',
    gives: () => go('update', 'nothing was removed from the solution'),
  },
  {
    when: ({ removals }) => removals === 'some',
    gives: () => go('upgrade', 'components were removed from the solution'),
  },
  {
    when: () => true,
    gives: () => go('upgrade', 'it is not certain that nothing was removed from the solution'),
  },
]

const MANAGED: readonly Rule[] = [
  { when: ({ wishes }) => wishes.mode === 'install', gives: alreadyThere },
  ...MANAGED_LOWER.map((rule) => only('lower', rule)),
  ...MANAGED_SAME.map((rule) => only('same', rule)),
  ...MANAGED_HIGHER.map((rule) => only('higher', rule)),
]

function only(wanted: VersionOrder, rule: Rule): Rule {
  return { when: (situation) => order(situation) === wanted && rule.when(situation), gives: rule.gives }
}

/** From the first that forbids to the last that allows; the first rule that matches decides. */
const RULES: readonly Rule[] = [...REFUSALS, ...SPECIAL, ...ABSENT, ...UNMANAGED, ...MANAGED]

/** What to do with an archive, before anything is sent. */
export function decide(situation: Situation): Decision {
  const rule = RULES.find(({ when }) => when(situation))
  if (rule === undefined) throw new Error('No rule matches the situation.')
  return rule.gives(situation)
}
