import type { EffectRule } from '../rule.ts'
import { named, when, whole } from '../values.ts'

const PROCESSES = [
  'cloud-flow',
  'classic-workflow',
  'business-process-flow',
  'custom-action',
  'business-rule',
] as const

export const PROCESS_EFFECTS: readonly EffectRule[] = [
  {
    id: 'flow-runs-as-owner',
    kinds: [...PROCESSES],
    effect: 'widens-access',
    level: 'warning',
    title: 'A process runs as its owner',
    why: 'It can do what its owner can, whoever starts it.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['RunAs'],
        (_base, head) => head === '0',
        () => `Process ${named(item)} runs as its owner from now on.`,
      ),
  },
  {
    id: 'flow-trigger-changed',
    kinds: ['cloud-flow'],
    effect: 'breaks',
    level: 'notice',
    title: 'The trigger of a flow changes',
    why: 'A flow with a new trigger is registered anew when it is turned on; what happened meanwhile does not start it.',
    advice: 'See after the import that the flow is on.',
    find: (item) =>
      whole(
        item.change.change === 'changed' &&
          item.change.properties.some(({ path }) => path.startsWith('triggers')),
        `Flow ${named(item)} has another trigger; see that it is on after the import.`,
      ),
  },
  {
    id: 'process-turned-off',
    kinds: [...PROCESSES],
    effect: 'breaks',
    level: 'warning',
    title: 'A process is turned off',
    why: 'It does not run any more after the import.',
    advice: 'See that this is meant.',
    find: (item) =>
      when(
        item,
        ['StateCode'],
        (base, head) => base === '1' && head !== '1',
        () => `Process ${named(item)} is turned off.`,
      ),
  },
]
