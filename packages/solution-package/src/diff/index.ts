export { compareSolutions } from './compare-solutions.ts'
export { EFFECT_KINDS, LEVELS } from './report.ts'
export type { Change, ComponentKind, Effect, EffectKind, Property, SolutionDiff } from './report.ts'
export type { ComparedTree } from './side.ts'
