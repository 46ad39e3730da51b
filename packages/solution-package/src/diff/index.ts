export { byImportance, compareSolutions } from './compare-solutions.ts'
export { RULE_IDS } from './effects/effects.ts'
export { countedKind, spoken } from './kind-words.ts'
export { COMPONENT_KINDS, EFFECT_KINDS, LEVELS } from './report.ts'
export type {
  Change,
  ChangeType,
  ComponentKind,
  Effect,
  EffectKind,
  Level,
  Property,
  Relation,
  SolutionDiff,
} from './report.ts'
export type { ComparedTree } from './side.ts'
