import type { Cell, Explained, Summary } from '@dsa/action-kit'
import { errorAdvice, errorPage } from '@dsa/dataverse-client'
import type { MissingDependency, SolutionContentRow } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import type { Activation } from '../carry-out/flows.ts'
import { duration } from '../carry-out/follow.ts'
import type { ImportOutcome } from '../carry-out/follow.ts'
import type { ComponentResult } from '../carry-out/import-job-data.ts'
import type { Decision } from '../decide/decision.ts'
import { ImportGoesOnError } from '../import-errors.ts'
import { supplier, withParent } from '../look/missing-dependencies.ts'
import { holdsData } from '../look/removals.ts'
import type { Removals } from '../look/removals.ts'
import type { Target } from '../look/target.ts'
import type { Finding } from '../prepare/findings.ts'
import { layerName } from '../prepare/layers.ts'
import { shown } from '../prepare/overwritten-changes.ts'
import type { Overwritten } from '../prepare/overwritten-changes.ts'
import { NOT_CHECKED } from '../prepare/preflight.ts'
import type { ImportReport } from './import-report.ts'
import { DECISION_WORDS, kindOf } from './words.ts'

/** Writes what became of an import, also of one that was stopped on the way. */
export function writeSummary(summary: Summary, report: ImportReport): void {
  const { target, decision, outcome } = report
  if (report.isFollowed === true) {
    summary.heading(`${report.archive.name} ${report.archive.version}: follow the running import`)
  }
  if (target !== undefined && decision !== undefined) summarizeDecision(summary, report, target, decision)
  if (report.removals !== undefined) summarizeRemovals(summary, report.removals, decision?.action === 'stage')
  if (report.layers !== undefined) summarizeLayers(summary, report.layers)
  if (report.overwritten !== undefined) summarizeOverwritten(summary, report.overwritten)
  if (report.findings !== undefined) summarizeFindings(summary, report.findings, report.missing ?? [])
  if (report.surroundings !== undefined) {
    summary.list(report.surroundings.map(({ text }) => text))
    summary.text(`Not checked: ${NOT_CHECKED.join('; ')}.`)
  }
  if (outcome !== undefined) summarizeOutcome(summary, outcome, report.elapsedMs ?? 0)
  if (report.activation !== undefined) summarizeActivation(summary, report.activation)
  if (report.error instanceof ImportGoesOnError) summary.text(report.error.message)
}

/** The head of the summary: what there was and what is done about it. */
function summarizeDecision(
  summary: Summary,
  { archive, environmentUrl }: ImportReport,
  target: Target,
  decision: Decision,
): void {
  summary.heading(`${archive.name} ${archive.version}: ${decision.action}`)
  const { organization, installed } = target
  summary.table(
    ['', ''],
    [
      ['Environment', `${organization.friendlyName} (${environmentUrl}), ${target.kind}`],
      ['Archive', `${archive.version}, ${kindOf(archive.managed)}`],
      [
        'It had',
        installed === undefined
          ? 'nothing of that name'
          : `${installed.version}, ${kindOf(installed.isManaged)}`,
      ],
      ['Decision', DECISION_WORDS[decision.action]],
      ['Why', decision.because],
    ],
  )
  if (decision.action === 'refuse') {
    summary.text(explained(decision.wayOut, decision.because))
  }
}

function summarizeRemovals(summary: Summary, { removed, notCompared }: Removals, isStaged: boolean): void {
  if (removed.length > 0) {
    summary.text(
      `Deleted ${isStaged ? 'when the upgrade is applied' : 'by the upgrade'} (${removed.length}):`,
    )
    summary.table(
      ['', 'Kind', 'Component', 'Rows'],
      removed.map((one) => [
        holdsData(one) ? 'data goes' : '',
        componentTypeName(one.type),
        { code: one.name },
        one.rows ?? '',
      ]),
    )
  }
  if (notCompared.length > 0) {
    summary.text('What could not be compared with the archive:')
    summary.list(notCompared)
  }
}

function summarizeLayers(summary: Summary, layered: readonly SolutionContentRow[]): void {
  if (layered.length === 0) return
  summary.text(`Unmanaged layers that hide what the import brings (${layered.length}):`)
  summary.list(layered.map(layerName))
}

function summarizeOverwritten(summary: Summary, { since, changed, gaps }: Overwritten): void {
  if (since !== undefined && changed.length > 0) {
    summary.text(
      `Changed in the environment since ${since}, and overwritten by the import (${changed.length}):`,
    )
    summary.table(
      ['Kind', 'Component', 'Changed'],
      changed.map((row) => [componentTypeName(row.type), { code: row.name }, shown(row.modifiedMs)]),
    )
  }
  for (const gap of gaps) summary.text(gap)
}

function summarizeActivation(summary: Summary, { flows, othersOff }: Activation): void {
  if (flows.length > 0) {
    summary.table(
      ['Cloud flow', 'State', ''],
      flows.map(({ flow, reason }) => [
        flow.name,
        flow.isOn ? 'on' : flow.isSuspended ? 'suspended by policy' : 'off',
        reason,
      ]),
    )
  }
  if (othersOff.length > 0) {
    summary.text(`Processes and plug-in steps that are off (${othersOff.length}):`)
    summary.list(othersOff)
  }
}

/** How it ended, with every component that did not go in, and what is missing. */
function summarizeOutcome(summary: Summary, outcome: ImportOutcome, elapsedMs: number): void {
  summary.table(
    ['Result', 'Time', 'Import job', 'Async operation'],
    [
      [
        outcome.status,
        duration(elapsedMs),
        { code: outcome.importJobId ?? '' },
        { code: outcome.operation.id },
      ],
    ],
  )
  if (outcome.reason !== '') summary.text(outcome.reason)
  const advice = errorAdvice(outcome.operation.errorCode)
  if (advice !== undefined) summary.text(explained(`What to do: ${advice.next}`, advice.code))
  summarizeComponents(summary, outcome.record.results)
  summarizeMissing(summary, outcome.record.missingDependencies)
  const warnings = outcome.verdict?.warnings ?? []
  if (warnings.length > 0) {
    summary.text(`Warnings of the platform (${warnings.length}):`)
    summary.list(warnings)
  }
}

/** A text with the page on the error code that it is about. */
function explained(text: string, about: string): Explained {
  return { text, page: errorPage(about) }
}

function summarizeComponents(summary: Summary, results: readonly ComponentResult[]): void {
  if (results.length === 0) return
  summary.table(
    ['', 'Kind', 'Component', 'Code', 'Message', 'What to do'],
    results.map((one): Cell[] => [
      one.level,
      one.kind,
      one.name,
      { code: one.code },
      one.text,
      explained(errorAdvice(one.code)?.next ?? '', one.code),
    ]),
  )
}

/** A table instead of raw XML: what is missing, who supplies it, who needs it. */
function summarizeMissing(summary: Summary, missing: readonly MissingDependency[]): void {
  if (missing.length === 0) return
  summary.text(`Missing in the environment (${missing.length}):`)
  summary.table(
    ['Missing', 'Kind', 'Supplied by', 'Needed by', 'Kind'],
    missing.map(({ required, dependent }) => [
      withParent(required),
      componentTypeName(required.type),
      supplier(required.solution),
      withParent(dependent),
      componentTypeName(dependent.type),
    ]),
  )
}

/** What the check before the import found. */
function summarizeFindings(
  summary: Summary,
  findings: readonly Finding[],
  missing: readonly MissingDependency[],
): void {
  if (findings.length > 0) {
    summary.text('Found before the import:')
    summary.table(
      ['', 'Finding'],
      findings
        .filter(({ listed }) => listed !== true)
        .map(({ level, text }): Cell[] => [level, explained(text, text)]),
    )
  }
  summarizeMissing(summary, missing)
}
