export { compareSolutions } from './compare-solutions.ts'
export { countedKind, spoken } from './kind-words.ts'
export { EFFECT_KINDS, LEVELS } from './report.ts'
export type {
  Change,
  ChangeType,
  ComponentKind,
  Effect,
  EffectKind,
  Property,
  Relation,
  SolutionDiff,
} from './report.ts'
export type { ComparedTree } from './side.ts'
