import { byImportance, type Effect, type SolutionDiff } from '@dsa/solution-package/diff'
import type { ComparedSolution, ReportedChange, ReportedEffect } from '@dsa/solution-comparison'
import type { Acceptance } from './acceptances.ts'
import type { Configuration } from './configuration.ts'

/** What people of the repository say of findings. */
export interface Settings {
  readonly configuration: Configuration
  readonly acceptances: readonly Acceptance[]
  /** Fingerprints that were accepted before the pull request; undefined when none is compared. */
  readonly acceptedBefore: ReadonlySet<string> | undefined
  /** The day on which it runs, such as `2027-01-31`. */
  readonly today: string
}

/** A comparison as the repository wants to read it. */
export function applySettings(
  { folder, ...diff }: SolutionDiff & { readonly folder: string },
  settings: Settings,
): ComparedSolution {
  const { configuration } = settings
  const ignored = diff.changes.filter(configuration.isIgnored)
  const told = diff.changes.filter((change) => !configuration.isIgnored(change))
  const changes = told
    .map((change): ReportedChange => ({
      ...change,
      effects: change.effects.flatMap((effect) => reported(effect, settings)),
    }))
    .toSorted(byImportance)
  return {
    folder,
    ...diff,
    changes,
    ignored: ignored.length,
    quiet: withIgnored(diff.quiet, ignored, told),
  }
}

/** Files of ignored components alone are left out as noise is. */
function withIgnored(
  quiet: SolutionDiff['quiet'],
  ignored: SolutionDiff['changes'],
  told: SolutionDiff['changes'],
): SolutionDiff['quiet'] {
  const kept = new Set(told.flatMap(({ files }) => files))
  const left = new Set(ignored.flatMap(({ files }) => files.filter((file) => !kept.has(file))))
  const count = left.size
  if (count === 0) return quiet
  return { files: quiet.files + count, reasons: { ...quiet.reasons, ignored: count } }
}

function reported(effect: Effect, settings: Settings): ReportedEffect[] {
  const level = settings.configuration.levels.get(effect.rule) ?? effect.level
  if (level === 'off') return []
  const acceptance = settings.acceptances.find(({ fingerprint }) => fingerprint === effect.fingerprint)
  if (acceptance === undefined) return [{ ...effect, level }]
  const { reason, until } = acceptance
  if (isOver(acceptance, settings)) return [{ ...effect, level, acceptedUntil: until ?? '' }]
  const isNew = settings.acceptedBefore?.has(effect.fingerprint) === false
  return [{ ...effect, level, accepted: { reason, isNew } }]
}

/** Days are compared as they are written. */
function isOver({ until }: Acceptance, { today }: Settings): boolean {
  return until !== undefined && until < today
}

/** Acceptances that fit no finding of any solution, also none whose rule is off. */
export function unusedAcceptances(
  diffs: readonly SolutionDiff[],
  { acceptances }: Settings,
): readonly Acceptance[] {
  const found = new Set(
    diffs.flatMap(({ changes }) =>
      changes.flatMap(({ effects }) => effects.map(({ fingerprint }) => fingerprint)),
    ),
  )
  return acceptances.filter(({ fingerprint }) => !found.has(fingerprint))
}
