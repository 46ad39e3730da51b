import { errorAdvice } from '@dsa/dataverse-client'
import type { StageFinding } from '@dsa/dataverse-client'
import { withoutDependencies } from '../look/missing-dependencies.ts'

/** Something that would make the import fail, or its result not work. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly text: string
  /** True when the summary has it in a table of its own. */
  readonly listed?: boolean
  /** What `fail-on` calls it. */
  readonly about?: 'missing-settings'
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
