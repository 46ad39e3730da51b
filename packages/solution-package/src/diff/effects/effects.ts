import { createHash } from 'node:crypto'
import type { ComparedComponent } from '../compared-component.ts'
import type { Change, Effect } from '../report.ts'
import type { Side } from '../side.ts'
import type { EffectRule, Finding } from './rule.ts'
import { KEY_EFFECTS } from './rules/key.ts'
import { RELATIONSHIP_EFFECTS } from './rules/relationship.ts'
import { TABLE_EFFECTS } from './rules/table.ts'
import { COLUMN_EFFECTS } from './rules/column.ts'
import { OPTION_EFFECTS } from './rules/option.ts'
import { SOLUTION_EFFECTS } from './rules/solution.ts'
import { CANVAS_EFFECTS } from './rules/canvas.ts'
import { CODE_EFFECTS } from './rules/code.ts'
import { SECURITY_EFFECTS } from './rules/security.ts'
import { PROCESS_EFFECTS } from './rules/process.ts'
import { SETTINGS_EFFECTS } from './rules/settings.ts'
import { USE_EFFECTS } from './uses.ts'

/** All rules, in the order of the docs. */
export const EFFECT_RULES: readonly EffectRule[] = [
  ...TABLE_EFFECTS,
  ...KEY_EFFECTS,
  ...RELATIONSHIP_EFFECTS,
  ...COLUMN_EFFECTS,
  ...OPTION_EFFECTS,
  ...SOLUTION_EFFECTS,
  ...CODE_EFFECTS,
  ...CANVAS_EFFECTS,
  ...SECURITY_EFFECTS,
  ...PROCESS_EFFECTS,
  ...SETTINGS_EFFECTS,
  ...USE_EFFECTS,
]

/** The ids of all rules, which configurations name. */
export const RULE_IDS: readonly string[] = EFFECT_RULES.map(({ id }) => id)

/** What the changes do, by change. */
export function effectsOf(
  told: readonly ComparedComponent[],
  all: readonly ComparedComponent[],
  base: Side | undefined,
  head: Side | undefined,
): ReadonlyMap<Change, readonly Effect[]> {
  // A solution that is new or gone as a whole is one fact, which its reader knows.
  if (base === undefined || head === undefined) return new Map()
  const texts = new Map<string, string>()
  const textOf = (path: string): string => {
    const text = texts.get(path) ?? new TextDecoder().decode(head.read(path))
    texts.set(path, text)
    return text
  }
  const around = { all, base, head, textOf }
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
  return { rule: id, effect, level, ...finding.worse, reason: finding.reason, advice, fingerprint }
}
