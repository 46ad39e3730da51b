import { createHash } from 'node:crypto'
import type { ComparedComponent } from '../compared-component.ts'
import type { Change, Effect } from '../report.ts'
import type { Side } from '../side.ts'
import { COMPONENT_EFFECTS } from './component-rules.ts'
import type { EffectRule, Finding } from './rule.ts'
import { TABLE_EFFECTS } from './table-rules.ts'
import { USE_EFFECTS } from './uses.ts'

/** All rules, in the order of the docs. */
export const EFFECT_RULES: readonly EffectRule[] = [...TABLE_EFFECTS, ...COMPONENT_EFFECTS, ...USE_EFFECTS]

/** What the changes do, by change. */
export function effectsOf(
  told: readonly ComparedComponent[],
  all: readonly ComparedComponent[],
  base: Side | undefined,
  head: Side | undefined,
): ReadonlyMap<Change, readonly Effect[]> {
  // A solution that is new or gone as a whole is one fact, which its reader knows.
  if (base === undefined || head === undefined) return new Map()
  const around = { all, base, head }
  return new Map(
    told.map((item) => [
      item.change,
      EFFECT_RULES.filter(({ kinds }) => kinds.includes(item.component.kind)).flatMap((rule) =>
        rule.find(item, around).map((finding) => effectOf(rule, item, finding)),
      ),
    ]),
  )
}

function effectOf(
  { id, effect, level, advice }: EffectRule,
  { component }: ComparedComponent,
  finding: Finding,
): Effect {
  const { kind, id: componentId } = component
  const fingerprint = createHash('sha256')
    .update([id, kind, componentId, finding.path, finding.value].join('\0'))
    .digest('hex')
    .slice(0, 12)
  return { rule: id, effect, level, reason: finding.reason, advice, fingerprint }
}
