export { normalizeDocument } from './normalize-document.ts'
export { NORMALIZE_RULES } from './rules.ts'
