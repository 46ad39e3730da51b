import type { Fact } from '../../facts/fact.ts'
import type { EffectRule } from '../rule.ts'
import { named } from '../values.ts'

/** What a person reads of an app, but for the order of screens in the studio. */
const READABLE = /^src\/(?!(?:.*\/)?_?editorstate).*\.pa\.ya?ml$/
/** What an import takes. */
const SHIPPED = /^(?:controls|components)\//
/** With this file the studio makes the app anew from what is readable. */
const PACKED_FROM_SOURCE = 'packed.json'

export const CANVAS_EFFECTS: readonly EffectRule[] = [
  {
    id: 'canvas-source-alone',
    kinds: ['canvas-app'],
    effect: 'breaks',
    level: 'warning',
    title: 'The source of a canvas app changes, and the app does not',
    why: 'An import takes the packed controls in `Controls` and `Components`. `Src/*.pa.yaml` says the same for people, and is not read.',
    advice: 'Make the change in Power Apps Studio and save the app, which writes both, or change both.',
    find(item) {
      if (item.change.change !== 'changed') return []
      const [base, head] = [contentsOf(item.base), contentsOf(item.head)]
      const isMoved = (key: string): boolean => base.get(key)?.content !== head.get(key)?.content
      const all = [...new Set([...base.keys(), ...head.keys()])]
      const isShipped = all.some((key) => SHIPPED.test(key))
      if (!isShipped || head.has(PACKED_FROM_SOURCE) || all.some((key) => SHIPPED.test(key) && isMoved(key)))
        return []
      const moved = all.filter((key) => READABLE.test(key) && isMoved(key))
      if (moved.length === 0) return []
      const files = moved.map((key) => `'${head.get(key)?.path ?? base.get(key)?.path ?? key}'`)
      const value = moved.map((key) => head.get(key)?.content ?? '').join(' ')
      return [
        {
          reason: `Canvas app ${named(item)}: ${files.join(', ')} ${files.length > 1 ? 'change' : 'changes'} and no packed control does, so the app stays as it was.`,
          path: 'Src',
          value,
        },
      ]
    },
  },
]

/** The files in an app by their names in lower case, each with something that is equal for equal files. */
function contentsOf(facts: readonly Fact[]) {
  return new Map(
    facts.flatMap(({ key, path, raw, same }) => {
      const content = same ?? raw
      return content === undefined ? [] : [[key, { path, content }] as const]
    }),
  )
}
