import type { Problem, Severity } from './finding.ts'
import { connectionReferences } from './rules/connection-references.ts'
import { currentValues, secrets } from './rules/current-values.ts'
import { duplicateIds } from './rules/duplicate-ids.ts'
import { namedFilesMissing, unclaimedFiles } from './rules/files.ts'
import { ofFormat } from './rules/of-format.ts'
import { mergeConflicts } from './rules/merge-conflicts.ts'
import { wellFormedJson } from './rules/json.ts'
import { lfsPointers } from './rules/lfs-pointers.ts'
import { elementsTwice, publisher, sectionsTwice, version } from './rules/manifest.ts'
import {
  lookupsWithoutRelationship,
  relationshipsNotDefined,
  relationshipsWithoutColumn,
} from './rules/relationships.ts'
import {
  filesWithoutRootComponent,
  rootComponentsLeftOut,
  rootComponentsTwice,
  rootComponentsWithoutFile,
} from './rules/root-components.ts'
import { unlistedSections } from './rules/unlisted-sections.ts'
import { wellFormed } from './rules/well-formed.ts'
import type { SourceUnderCheck } from './source-under-check.ts'

export interface Rule {
  /** Also the heading of its part in docs/verify.md. */
  readonly id: string
  readonly severity: Severity
  readonly check: (source: SourceUnderCheck) => Iterable<Problem>
}

/**
 * What is checked before packing. Errors are what SolutionPackager or an import fails on; what they let pass is a
 * warning.
 */
export const verifyRules: readonly Rule[] = [
  { id: 'merge-conflict', severity: 'error', check: mergeConflicts },
  { id: 'git-lfs-pointer', severity: 'error', check: lfsPointers },
  { id: 'yaml-not-well-formed', severity: 'error', check: ofFormat('yaml-not-well-formed') },
  { id: 'yaml-manifest-incomplete', severity: 'error', check: ofFormat('yaml-manifest-incomplete') },
  { id: 'yaml-file-misplaced', severity: 'error', check: ofFormat('yaml-file-misplaced') },
  { id: 'yaml-listed-path-missing', severity: 'error', check: ofFormat('yaml-listed-path-missing') },
  { id: 'yaml-path-listed-twice', severity: 'error', check: ofFormat('yaml-path-listed-twice') },
  { id: 'yaml-file-not-listed', severity: 'error', check: ofFormat('yaml-file-not-listed') },
  { id: 'xml-not-well-formed', severity: 'error', check: wellFormed },
  { id: 'json-not-well-formed', severity: 'error', check: wellFormedJson },
  { id: 'element-twice', severity: 'error', check: elementsTwice },
  { id: 'malformed-version', severity: 'error', check: version },
  { id: 'root-component-without-file', severity: 'error', check: rootComponentsWithoutFile },
  { id: 'file-without-root-component', severity: 'error', check: filesWithoutRootComponent },
  { id: 'root-component-left-out', severity: 'warning', check: rootComponentsLeftOut },
  { id: 'lookup-without-relationship', severity: 'error', check: lookupsWithoutRelationship },
  { id: 'named-file-missing', severity: 'error', check: namedFilesMissing },
  { id: 'unclaimed-file', severity: 'warning', check: unclaimedFiles },
  { id: 'root-component-twice', severity: 'warning', check: rootComponentsTwice },
  { id: 'relationship-not-defined', severity: 'warning', check: relationshipsNotDefined },
  { id: 'relationship-without-column', severity: 'warning', check: relationshipsWithoutColumn },
  { id: 'section-twice', severity: 'warning', check: sectionsTwice },
  { id: 'section-not-listed', severity: 'warning', check: unlistedSections },
  { id: 'duplicate-id', severity: 'warning', check: duplicateIds },
  { id: 'current-value', severity: 'warning', check: currentValues },
  { id: 'secret', severity: 'warning', check: secrets },
  { id: 'connection-reference-not-declared', severity: 'warning', check: connectionReferences },
  { id: 'no-publisher', severity: 'warning', check: publisher },
]
