import { RULES } from './rules.ts'
import type { Action } from './rules.ts'
import type { Situation } from './situation.ts'

export type { Action } from './rules.ts'

export type Decision =
  | { readonly action: Action; readonly because: string; readonly notices: readonly string[] }
  | { readonly action: 'refuse'; readonly because: string; readonly wayOut: string }

/** What to do with an archive, before anything is sent. */
export function decide(situation: Situation): Decision {
  const rule = RULES.find(({ when }) => when.every(({ holds }) => holds(situation)))
  if (rule === undefined) throw new Error('No rule matches the situation.')
  const because = rule.because(situation)
  if (rule.action === 'refuse') {
    return { action: 'refuse', because, wayOut: rule.wayOut?.(situation) ?? '' }
  }
  return { action: rule.action, because, notices: rule.notice === undefined ? [] : [rule.notice(situation)] }
}
