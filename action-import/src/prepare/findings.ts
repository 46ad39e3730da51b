import { errorAdvice } from '@dsa/dataverse-client'
import type { StageFinding } from '@dsa/dataverse-client'
import { withoutDependencies } from '../look/missing-dependencies.ts'

/** Something that would make the import fail, or its result not work. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly text: string
  /** True when the summary has it in a table of its own. */
  readonly listed?: boolean
  /** What `fail-on` calls it, besides a warning. */
  readonly about?: Strictness
}

/** What `fail-on` can make an error of. */
export const STRICTNESS = ['missing-settings', 'flows-off', 'layers', 'warnings', 'not-checked'] as const
export type Strictness = (typeof STRICTNESS)[number]

/** Raises warnings to errors as `fail-on` says: what is known before the import stops it before it begins. */
export function raised(findings: readonly Finding[], failOn: readonly Strictness[]): readonly Finding[] {
  return findings.map((finding) => {
    const counts =
      finding.level === 'warning' &&
      (failOn.includes('warnings') || (finding.about !== undefined && failOn.includes(finding.about)))
    return counts ? { ...finding, level: 'error' } : finding
  })
}

export function isError({ level }: Finding): boolean {
  return level === 'error'
}

/** The words of the findings that stopped a staging. */
export function findingLines(findings: readonly StageFinding[]): readonly string[] {
  return findings
    .filter(({ level }) => level === 'error')
    .map(({ code, message }) =>
      `${code} ${withoutDependencies(message)} ${errorAdvice(code)?.next ?? ''}`.trim(),
    )
}
