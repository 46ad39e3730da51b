import type { Annotation, Cell, Explained, Summary } from '@dsa/action-kit'
import { errorAdvice, errorPage } from '@dsa/dataverse-client'
import type { MissingDependency, StageFinding } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import { componentTypeName } from '@dsa/solution-package'
import type { Decision } from '../decide/decision.ts'
import { duration } from '../carry-out/follow.ts'
import type { ImportOutcome } from '../carry-out/follow.ts'
import { withoutDependencies } from '../carry-out/import-job-data.ts'
import type { ComponentResult } from '../carry-out/import-job-data.ts'
import type { Finding } from '../prepare/preflight.ts'
import type { Target } from '../look/target.ts'

/** What the decision is called where people read it. */
const WORDS: Readonly<Record<Decision['action'], string>> = {
  install: 'install',
  update: 'update (adds and changes, removes nothing)',
  upgrade: 'upgrade (removes what the new version lacks)',
  stage: 'stage beside the old version',
  promote: 'apply the staged upgrade',
  import: 'import unmanaged (merges)',
  skip: 'skip',
  refuse: 'refuse',
}

const kindOf = (managed: boolean): string => (managed ? 'managed' : 'unmanaged')

const sizeOf = (bytes: number): string =>
  bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`

/** The decision as lines for the log. */
export const decisionLines = (archive: Archive, target: Target, decision: Decision): readonly string[] => [
  `Archive      ${archive.name} ${archive.version}, ${kindOf(archive.managed)}, ${sizeOf(archive.bytes.length)}`,
  `Environment  ${target.organization.friendlyName || 'unnamed'}, ${target.kind} (${target.organization.organizationType}), Dataverse ${target.organization.version}`,
  `It has       ${target.installed === undefined ? 'nothing of that name' : `${target.installed.version}, ${kindOf(target.installed.isManaged)}`}`,
  `Decision     ${WORDS[decision.action]}: ${decision.because}`,
]

/** The head of the summary: what there was and what is done about it. */
export const summarizeDecision = (
  summary: Summary,
  environmentUrl: string,
  archive: Archive,
  target: Target,
  decision: Decision,
): void => {
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
      ['Decision', WORDS[decision.action]],
      ['Why', decision.because],
    ],
  )
  if (decision.action === 'refuse') {
    summary.text(explained(decision.wayOut, decision.because))
  }
}

/** How it ended, with every component that did not go in, and what is missing. */
export const summarizeOutcome = (summary: Summary, outcome: ImportOutcome, elapsedMs: number): void => {
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
const explained = (text: string, about: string): Explained => ({ text, page: errorPage(about) })

const summarizeComponents = (summary: Summary, results: readonly ComponentResult[]): void => {
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
const summarizeMissing = (summary: Summary, missing: readonly MissingDependency[]): void => {
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

const withParent = ({ schemaName, displayName, parent }: MissingDependency['required']): string => {
  const name = schemaName || displayName
  return parent === '' ? name : `${parent}: ${name}`
}

/** `Active` is where unmanaged changes live: no solution supplies it. */
const supplier = (solution: string): string =>
  solution === '' || solution === 'Active' ? 'no solution; add the component to yours' : solution

/** What the check before the import found. */
export const summarizeFindings = (
  summary: Summary,
  findings: readonly Finding[],
  missing: readonly MissingDependency[],
): void => {
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

/** One line of the log for each missing component. */
export const missingLines = (missing: readonly MissingDependency[]): readonly string[] =>
  missing.map(
    ({ required, dependent }) =>
      `missing: ${componentTypeName(required.type)} ${withParent(required)} (${supplier(required.solution)}), ` +
      `needed by ${componentTypeName(dependent.type)} ${withParent(dependent)}`,
  )

/** An annotation for each component that failed. */
export const componentAnnotations = (results: readonly ComponentResult[]): readonly Annotation[] =>
  results
    .filter(({ level }) => level === 'error')
    .map(({ kind, name, code, text }) => ({
      level: 'error',
      title: [kind, name].filter((part) => part !== '').join(' '),
      message: `${code} ${text} ${errorAdvice(code)?.next ?? ''}`.trim(),
    }))

/** The words of the findings that stopped a staging. */
export const findingLines = (findings: readonly StageFinding[]): readonly string[] =>
  findings
    .filter(({ level }) => level === 'error')
    .map(({ code, message }) =>
      `${code} ${withoutDependencies(message)} ${errorAdvice(code)?.next ?? ''}`.trim(),
    )
