import type { Condition } from './conditions.ts'
import { RULES } from './rules.ts'

/** A row of the table of decisions, in Markdown. */
export interface RuleDescription {
  readonly environment: string
  readonly archive: string
  readonly inputs: string
  readonly decision: string
}

/** The rules in their order, for the table in the README. */
export function describeRules(): readonly RuleDescription[] {
  return RULES.map(({ when, action, code }) => {
    const words = (about: Condition['about'], otherwise: string): string =>
      when
        .filter((condition) => condition.about === about)
        .map((condition) => condition.words)
        .join(', ') || otherwise
    return {
      environment: words('environment', 'any'),
      archive: words('archive', 'any'),
      inputs: words('inputs', ''),
      decision: code === undefined ? action : `${action} (\`${code}\`)`,
    }
  })
}
