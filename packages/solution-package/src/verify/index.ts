export type { Finding, Severity } from './finding.ts'
export { type Rule, verifyRules } from './rules.ts'
export { verifySource } from './verify-source.ts'
