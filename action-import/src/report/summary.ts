import type { Cell, Explained, Summary, SummaryBody } from '@dsa/action-kit'
import { errorAdvice, errorPage } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import { counted, duration } from '@dsa/user-error'
import { missingSuppliers, supplierLine, withKind } from '../look/missing-dependencies.ts'
import { layerName } from '../prepare/layers.ts'
import { shown } from '../prepare/overwritten-changes.ts'
import { BEYOND_CHECKING } from '../prepare/preflight.ts'
import { headlineFacts } from './headline.ts'
import type { Headline } from './headline.ts'
import type { ImportReport } from './import-report.ts'
import type { RunSource } from './source.ts'
import { DECISION_WORDS, kindOf } from './words.ts'

/** Writes what became of a run, also of one that was stopped on the way: what matters first, the rest folded. */
export function writeSummary(
  summary: Summary,
  report: ImportReport,
  headline: Headline,
  source: RunSource,
): void {
  summary.outcome(headline.mark, headline.title, headlineFacts(report, source))
  advise(summary, report)
  removals(summary, report, headline)
  flowsOff(summary, report)
  layers(summary, report)
  overwritten(summary, report)
  components(summary, report)
  missing(summary, report)
  warnings(summary, report)
  summary.folded('Details', (body) => details(body, report, source))
}

/** A text with the page on the error code that it is about. */
function explained(text: string, about: string): Explained {
  return { text, page: errorPage(about) }
}

function advise(summary: Summary, { outcome }: ImportReport): void {
  const advice = outcome === undefined ? undefined : errorAdvice(outcome.operation.errorCode)
  // The table of components says it where it has the same code.
  const isTold = outcome?.record.results.some(({ code }) => code === advice?.code) ?? false
  if (advice !== undefined && !isTold) summary.text(explained(`What to do: ${advice.next}`, advice.code))
}

function removals(summary: Summary, report: ImportReport, { ending }: Headline): void {
  const { removed = [] } = report.removals ?? {}
  if (removed.length === 0) return
  summary.heading(removalTitle(report, ending, removed.length))
  summary.table(
    ['Kind', 'Component', 'Rows', 'Data'],
    removed.map((one) => [
      one.kind,
      { code: one.name },
      one.rows ?? '',
      one.data === undefined ? '' : 'goes with it',
    ]),
  )
}

function removalTitle({ decision, mode }: ImportReport, ending: Headline['ending'], count: number): string {
  if (ending === 'not-started' && mode !== 'check') {
    return `The upgrade would delete ${counted(count, 'component')}; nothing was deleted`
  }
  if (ending === 'not-started' || ending === 'checked') return `An upgrade would delete (${count})`
  if (ending === 'failed') return `The upgrade would have deleted (${count})`
  if (ending === 'still-running' || ending === 'unknown') return `Deleted when the upgrade ends (${count})`
  if (decision?.action === 'stage') return `Will be deleted when the upgrade is applied (${count})`
  return `Deleted by the upgrade (${count})`
}

function flowsOff(summary: Summary, { activation }: ImportReport): void {
  if (activation === undefined) return
  const off = activation.flows.filter(({ flow }) => !flow.isOn)
  if (off.length > 0) {
    summary.heading(`Flows that are off (${off.length})`)
    summary.table(
      ['Flow', 'State', 'Why'],
      off.map(({ flow, reason }) => [
        flow.name,
        flow.isSuspended ? 'suspended by a policy' : 'off',
        reason === '' ? 'nothing switched it on' : reason,
      ]),
    )
  }
  if (activation.othersOff.length > 0) {
    summary.heading(`Processes and plug-in steps that are off (${activation.othersOff.length})`)
    summary.list(activation.othersOff)
  }
}

function layers(summary: Summary, { layers: layered = [] }: ImportReport): void {
  if (layered.length === 0) return
  summary.heading(`Unmanaged layers that hide what the import brings (${layered.length})`)
  summary.list(layered.map(layerName))
}

function overwritten(summary: Summary, { overwritten: found, mode, outcome }: ImportReport): void {
  if (found?.since === undefined || found.changed.length === 0) return
  const verb =
    mode === 'check' || outcome?.status !== 'succeeded' ? 'would be overwritten' : 'was overwritten'
  summary.heading(`Changed in the environment, and ${verb} by the import (${found.changed.length})`)
  summary.text(`Changed since ${found.since}:`)
  summary.table(
    ['Kind', 'Component', 'Changed'],
    found.changed.map((row) => [componentTypeName(row.type), { code: row.name }, shown(row.modifiedMs)]),
  )
}

/** Every component that did not go in, and those with a warning. */
function components(summary: Summary, { outcome }: ImportReport): void {
  const { results = [] } = outcome?.record ?? {}
  if (results.length === 0) return
  summary.heading(`Components with errors and warnings (${results.length})`)
  summary.table(
    ['Level', 'Kind', 'Component', 'Message', 'What to do'],
    results.map((one): Cell[] => [
      one.level,
      one.kind,
      one.name,
      `${one.code} ${one.text}`.trim(),
      explained(errorAdvice(one.code)?.next ?? '', one.code),
    ]),
  )
}

/** By the solution that supplies it: eighty components of one solution are one thing to do. */
function missing(summary: Summary, report: ImportReport): void {
  const found = report.outcome?.record.missingDependencies ?? []
  const all = found.length > 0 ? found : (report.missing ?? [])
  if (all.length === 0) return
  // The message of a run that was stopped says what to install.
  if (report.error === undefined) {
    summary.heading('Missing in the environment')
    summary.list(missingSuppliers(all).map(supplierLine))
  }
  summary.folded(`The missing components (${all.length})`, (body) =>
    body.table(
      ['Missing', 'Supplied by', 'Needed by'],
      all.map(({ required, dependent }) => [withKind(required), required.solution, withKind(dependent)]),
    ),
  )
}

function warnings(
  summary: Summary,
  { findings = [], surroundings = [], outcome, error }: ImportReport,
): void {
  const found = [...findings, ...surroundings].filter(({ listed }) => listed !== true)
  // The message of the run itself has the errors.
  const told = found.filter(({ level }) => level === 'warning' || error === undefined)
  const texts = [...new Set([...told.map(({ text }) => text), ...(outcome?.verdict?.warnings ?? [])])]
  if (texts.length === 0) return
  summary.heading(`Warnings (${texts.length})`)
  summary.list(texts.map((text) => explained(text, text)))
}

/** The evidence: what exactly was imported, from where, by whom, and what was looked at. */
function details(body: SummaryBody, report: ImportReport, source: RunSource): void {
  const { archive, target, decision, outcome, settings = [], references = [], activation } = report
  body.facts([
    ...environmentFacts(report),
    ...(archive === undefined
      ? []
      : ([
          ['Archive', `${archive.name} ${archive.version}, ${kindOf(archive.managed)}`],
          ['sha256', { code: archive.sha256 }],
        ] as const)),
    ...(target === undefined ? [] : ([['Before', before(report)]] as const)),
    ...(decision === undefined
      ? []
      : ([['Decision', `${DECISION_WORDS[decision.action]}: ${decision.because}`]] as const)),
    ...sourceFacts(source),
    ...(outcome === undefined
      ? []
      : ([['Result', `${outcome.status}, ${duration(report.elapsedMs ?? 0)}`]] as const)),
    ...idFacts(report),
  ])
  if (settings.length > 0) {
    body.heading(`Settings (${settings.length})`)
    body.table(
      ['Kind', 'Name', 'From'],
      settings.map(({ kind, name, from }) => [kind, { code: name }, from]),
    )
  }
  if (references.length > 0) {
    body.heading(`Connection references (${references.length})`)
    body.table(
      ['Name', 'Connector', 'Connection'],
      references.map(({ name, connectorId, connection }) => [
        { code: name },
        connectorId.split('/').at(-1) ?? '',
        connectionWords[connection],
      ]),
    )
  }
  if (activation !== undefined && activation.flows.length > 0) {
    body.heading(`Flows (${activation.flows.length})`)
    body.table(
      ['Flow', 'State'],
      activation.flows.map(({ flow }) => [flow.name, flow.isOn ? 'on' : 'off']),
    )
  }
  const unchecked = uncheckedOf(report)
  if (unchecked.length > 0) {
    body.heading(`Not checked (${unchecked.length})`)
    body.list(unchecked)
  }
}

const connectionWords = {
  set: 'set by this run',
  reused: 'taken from other references of the connector',
  kept: 'the one that the environment had',
  missing: 'none',
} as const

/** What could not be looked at, and what no look can tell. */
export function uncheckedOf({ notChecked, mode }: ImportReport): readonly string[] {
  return [...new Set([...notChecked, ...(mode === 'check' ? BEYOND_CHECKING : [])])]
}

type Facts = readonly (readonly [string, Cell])[]

function environmentFacts({ environmentUrl, environment }: ImportReport): Facts {
  if (environment === undefined) return [['Environment', environmentUrl]]
  const { friendlyName, version } = environment.organization
  return [
    ['Environment', `${friendlyName || 'unnamed'}, ${environmentUrl}`],
    ['Kind', `${environment.kind}, Dataverse ${version}`],
  ]
}

function before({ target }: ImportReport): string {
  const installed = target?.installed
  return installed === undefined
    ? 'nothing of that name'
    : `${installed.version}, ${kindOf(installed.isManaged)}`
}

function sourceFacts({ repository, commit, refType, ref, actor, runUrl, runAttempt }: RunSource): Facts {
  return [
    ...(commit === '' ? [] : ([['Commit', { code: commit }]] as const)),
    ...(ref === '' ? [] : ([['Started from', `${refType} ${ref} of ${repository}`]] as const)),
    ...(actor === '' ? [] : ([['By', actor]] as const)),
    ...(runUrl === '' ? [] : ([['Run', `${runUrl}, attempt ${runAttempt}`]] as const)),
  ]
}

function idFacts({ asyncOperationId, importJobId }: ImportReport): Facts {
  return [
    ...(asyncOperationId === undefined ? [] : ([['Async operation', { code: asyncOperationId }]] as const)),
    ...(importJobId === undefined ? [] : ([['Import job', { code: importJobId }]] as const)),
  ]
}
