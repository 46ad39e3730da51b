import type { ComparedComponent } from '../../compared-component.ts'
import type { Fact } from '../../facts/fact.ts'
import type { EffectRule } from '../rule.ts'
import { named, partsAt } from '../values.ts'

export const OPTION_EFFECTS: readonly EffectRule[] = [
  {
    id: 'option-removed',
    kinds: ['choice', 'column'],
    effect: 'breaks',
    level: 'warning',
    title: 'An option is removed',
    why: 'Rows that have it keep a number without a label. An update keeps the option, an upgrade removes it; one that is in use can stop the upgrade (0x80048417).',
    advice: 'Change the rows that have it first.',
    find: (item) =>
      lostOptions(item).map((option) => ({
        reason: `Option ${option.shown ?? option.key} of ${named(item)} is removed; rows that have it keep a number without a label.`,
        path: option.path,
        value: '',
      })),
  },
  {
    id: 'option-value-changed',
    kinds: ['choice', 'column'],
    effect: 'breaks',
    level: 'error',
    title: 'An option has a new value',
    why: 'Rows keep the old number, which then has no label or another one.',
    advice: 'Keep the value, and change the label alone.',
    find: (item) =>
      optionsOnlyIn('base', item).flatMap((option) => {
        const again = renumbered(option, item)
        return again === undefined
          ? []
          : [
              {
                reason: `Option ${option.shown ?? ''} of ${named(item)} has a new value; rows keep the old number.`,
                path: option.path,
                value: again.key,
              },
            ]
      }),
  },
]

/** Options that are gone for good: no other has their label. */
export function lostOptions(item: ComparedComponent): readonly Fact[] {
  return optionsOnlyIn('base', item).filter((option) => renumbered(option, item) === undefined)
}

function optionsOf(item: ComparedComponent, side: 'base' | 'head'): readonly Fact[] {
  const facts = item.component.kind === 'column' ? partsAt(item[side], 'optionset') : item[side]
  return [...partsAt(facts, 'options'), ...partsAt(facts, 'statuses')]
}

/** Options that one side has and the other has not. A column that has no choice of its own any more has lost none. */
function optionsOnlyIn(side: 'base' | 'head', item: ComparedComponent): readonly Fact[] {
  if (item.change.change !== 'changed') return []
  if (item.component.kind === 'column' && partsAt(item.head, 'optionset').length === 0) return []
  const others = new Set(optionsOf(item, side === 'base' ? 'head' : 'base').map(({ key }) => key))
  return optionsOf(item, side).filter(({ key }) => !others.has(key))
}

/** The option of the same label that came for one that is gone. */
function renumbered(option: Fact, item: ComparedComponent): Fact | undefined {
  return optionsOnlyIn('head', item).find(({ shown }) => shown !== undefined && shown === option.shown)
}
