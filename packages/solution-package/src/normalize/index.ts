export { normalizeDocument } from './normalize-document.ts'
export { NORMALIZE_RULES, type NormalizeRule } from './rules.ts'
