import { compareVersions } from '../../../version.ts'
import type { EffectRule } from '../rule.ts'
import { partsAt, when } from '../values.ts'

export const SOLUTION_EFFECTS: readonly EffectRule[] = [
  {
    id: 'publisher-changed',
    kinds: ['solution'],
    effect: 'import-fails',
    level: 'error',
    title: 'Publisher or prefix changes',
    why: 'A solution stays with its publisher (0x8004801c). With another prefix every component is another one.',
    advice: 'Take the publisher back, or make a new solution.',
    find: (item) =>
      [
        ['SolutionManifest', 'Publisher', 'UniqueName'],
        ['SolutionManifest', 'Publisher', 'CustomizationPrefix'],
      ].flatMap((keys) =>
        when(
          item,
          keys,
          (base, head) => base !== '' && head !== '',
          (base, head) =>
            `The publisher changes from '${base}' to '${head}': Dataverse refuses the import where the solution is installed (0x8004801c).`,
        ),
      ),
  },
  {
    id: 'version-not-raised',
    kinds: ['solution'],
    effect: 'import-fails',
    level: 'error',
    title: 'The version goes back',
    why: 'An upgrade needs a higher version than the installed one (0x80048060).',
    advice: 'Raise the version.',
    find: (item) =>
      when(
        item,
        ['SolutionManifest', 'Version'],
        (base, head) => compareVersions(head, base) < 0,
        (base, head) => `The version goes back from ${base} to ${head}, which an upgrade refuses.`,
      ),
  },
  {
    id: 'solution-needed',
    kinds: ['solution'],
    effect: 'needs-settings',
    level: 'warning',
    title: 'Another solution is needed',
    why: 'Components of the solution depend on components of a solution that it did not need before. Without it the import is refused.',
    advice: 'Install it in each environment first.',
    find: (item) => {
      if (item.change.change !== 'changed') return []
      const before = new Set(partsAt(item.base, 'needs').map(({ key }) => key))
      return partsAt(item.head, 'needs')
        .filter(({ key }) => !before.has(key))
        .map(({ shown = '', path }) => ({
          reason: `The solution '${shown}' is needed from now on.`,
          path,
          value: shown,
        }))
    },
  },
]
