import type { Mark } from '@dsa/action-kit'
import { counted, duration, listed } from '@dsa/user-error'
import type { Decision } from '../decide/decision.ts'
import { StrictError } from '../import-errors.ts'
import { isError } from '../prepare/findings.ts'
import { environmentName } from './import-report.ts'
import type { ImportReport } from './import-report.ts'
import { sourceLine } from './source.ts'
import type { RunSource } from './source.ts'

/** How it ended, in a word for machines. */
export type Ending =
  | 'succeeded'
  | 'checked'
  | 'skipped'
  | 'not-started'
  | 'failed'
  | 'still-running'
  | 'unknown'
  /** The import succeeded, and what comes after it did not, or `fail-on` stops the run. */
  | 'succeeded-with-errors'

export interface Headline {
  readonly ending: Ending
  readonly mark: Mark
  readonly title: string
}

/** The heading of the summary: the outcome, never the plan. */
export function headlineOf(report: ImportReport, sinceStartMs: number): Headline {
  const { error, mode, outcome, unfinished } = report
  const where = inEnvironment(report)
  if (unfinished === 'still-running') {
    return { ending: unfinished, mark: 'warned', title: `Still running: ${subject(report)}${where}` }
  }
  if (error !== undefined) {
    if (outcome?.status === 'succeeded' || report.promoted !== undefined || error instanceof StrictError) {
      return afterSuccess(report, error)
    }
    if (outcome !== undefined) {
      const after = duration(report.elapsedMs ?? sinceStartMs)
      const verb = outcome.status === 'canceled' ? 'Canceled in the environment' : 'Failed'
      return { ending: 'failed', mark: 'failed', title: `${verb} after ${after}: ${subject(report)}${where}` }
    }
    if (unfinished === 'unknown') {
      return {
        ending: unfinished,
        mark: 'failed',
        title: `Not known: whether ${subject(report)} was imported${where}`,
      }
    }
    return stopped(report)
  }
  if (mode === 'check') {
    return {
      ending: 'checked',
      mark: 'checked',
      title: `Check only: nothing was changed. ${plan(report)}${where}`,
    }
  }
  if (isSkipped(report)) return { ending: 'skipped', mark: 'nothing to do', title: skippedTitle(report) }
  const time = duration(report.elapsedMs ?? sinceStartMs)
  return { ending: 'succeeded', mark: 'done', title: `${deed(report)}${where}, ${time}` }
}

function afterSuccess(report: ImportReport, error: unknown): Headline {
  const strict = error instanceof StrictError
  const done =
    isSkipped(report) || report.mode === 'check'
      ? skippedTitle(report)
      : `${deed(report)}${inEnvironment(report)}`
  const but = strict ? `but 'fail-on' stops the run: ${listed(error.reasons)}` : 'but a step after it failed'
  return { ending: 'succeeded-with-errors', mark: 'warned', title: `${done}, ${but}` }
}

/** Nothing had been sent, so nothing is changed. */
function stopped(report: ImportReport): Headline {
  const { mode, removals, findings = [], surroundings = [] } = report
  const ending = 'not-started'
  if (mode === 'check') {
    const errors = [...findings, ...surroundings].filter(isError).length
    const what =
      errors > 0
        ? `${counted(errors, 'finding')} would stop ${subject(report)}`
        : `${subject(report)} would not be imported`
    return {
      ending,
      mark: 'failed',
      title: `Check only: nothing was changed. ${what}${inEnvironment(report)}`,
    }
  }
  if (mode === 'settings') {
    return { ending, mark: 'stopped', title: `Not started: no setting was applied${inEnvironment(report)}` }
  }
  const deleted = removals === undefined ? 'nothing was changed' : 'nothing was changed or deleted'
  return {
    ending,
    mark: 'stopped',
    title: `Not started: ${subject(report)}${inEnvironment(report)}; ${deleted}`,
  }
}

function isSkipped({ decision, mode, promoted }: ImportReport): boolean {
  return decision?.action === 'skip' || (mode === 'promote' && promoted === undefined)
}

function skippedTitle(report: ImportReport): string {
  const version = report.target?.installed?.version ?? report.version ?? ''
  const has = `${environmentName(report)} has ${[report.solutionName, version].join(' ').trim()}`
  const what = report.mode === 'promote' ? 'Nothing staged' : 'Nothing to import'
  return `${what}: ${has}`
}

/** The words of each decision: what was done, and what a check says would be done. */
const words: Readonly<Record<Decision['action'], { readonly done: Sentence; readonly plan: Sentence }>> = {
  install: {
    done: ({ name, to }) => `Installed ${name} ${to}`,
    plan: ({ name, to }) => `install ${name} ${to}`,
  },
  update: {
    done: ({ name, versions }) => `Updated ${name} ${versions}`,
    plan: ({ name, versions }) => `update ${name} ${versions}`,
  },
  upgrade: {
    done: ({ name, versions }) => `Upgraded ${name} ${versions}`,
    plan: ({ name, versions }) => `upgrade ${name} ${versions}`,
  },
  stage: {
    done: ({ name, to, from }) => `Staged ${name} ${to} beside ${from}, to be applied later`,
    plan: ({ name, to, from }) => `stage ${name} ${to} beside ${from}`,
  },
  promote: {
    done: ({ name, versions }) => `Applied the staged upgrade of ${name} ${versions}`,
    plan: ({ name, versions }) => `apply the staged upgrade of ${name} ${versions}`,
  },
  import: {
    done: ({ name, versions }) => `Imported ${name} ${versions}, unmanaged,`,
    plan: ({ name, versions }) => `merge ${name} ${versions}, unmanaged,`,
  },
  skip: { done: ({ name, to }) => `Skipped ${name} ${to}`, plan: ({ name, to }) => `skip ${name} ${to}` },
  refuse: { done: ({ name, to }) => `Refused ${name} ${to}`, plan: ({ name, to }) => `refuse ${name} ${to}` },
}

type Sentence = (names: {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Both, or one where nothing was there before. */
  readonly versions: string
}) => string

/** What the archive is, not what the environment has by now: that may be the next deployment, or the old version still. */
function namesOf({ solutionName: name, archive, version, target }: ImportReport): Parameters<Sentence>[0] {
  const to = archive?.version ?? version ?? ''
  const from = target?.installed?.version ?? ''
  return { name, from, to, versions: from === '' ? to : from === to ? `${to} again` : `${from} → ${to}` }
}

/** What was done, with the versions before and after. */
function deed(report: ImportReport): string {
  const { decision, solutionName: name, promoted, mode, settings = [] } = report
  if (promoted !== undefined) return `Applied the staged upgrade of ${name} ${promoted.from} → ${promoted.to}`
  if (mode === 'settings') return `Applied ${counted(settings.length, 'setting')}`
  const names = namesOf(report)
  if (report.isFollowed === true) return `Followed the running import of ${name} ${names.to} to its end`
  return words[decision?.action ?? 'update'].done(names)
}

/** What a check says would be done. */
function plan(report: ImportReport): string {
  return `An import would ${words[report.decision?.action ?? 'update'].plan(namesOf(report))}`
}

/** The solution with its versions, where it is not said what was done. */
function subject({ archive, solutionName: name, target }: ImportReport): string {
  const to = archive?.version ?? ''
  const from = target?.installed?.version
  return `${name} ${from === undefined || from === to ? to : `${from} → ${to}`}`.trim()
}

function inEnvironment(report: ImportReport): string {
  const { environment } = report
  return ` in ${environmentName(report)}${environment === undefined ? '' : ` (${environment.kind})`}`
}

/** The line below the heading: where it came from, what exactly it was, and what else it did. */
export function headlineFacts(report: ImportReport, source: RunSource): readonly string[] {
  const { archive, settings, activation, removals } = report
  const line = sourceLine(source)
  const facts = line === '' ? [] : [line]
  if (archive !== undefined) facts.push(`sha256 ${archive.sha256.slice(0, 8)}…`)
  if (report.error === undefined || report.outcome?.status === 'succeeded') {
    if (settings !== undefined && settings.length > 0) facts.push(settingWords(report))
    if (report.mode !== 'check' && removals !== undefined && removals.removed.length > 0) {
      facts.push(
        `${counted(removals.removed.length, 'component')} ${report.decision?.action === 'stage' ? 'to be removed' : 'removed'}`,
      )
    }
    if (activation !== undefined && activation.flows.length > 0) {
      const { off, flows } = activation
      facts.push(`${counted(flows.length - off, 'flow')} on${off === 0 ? '' : `, ${off} off`}`)
    }
  }
  return facts
}

function settingWords({ settings = [], mode }: ImportReport): string {
  const kinds = ['environment variable', 'connection reference'] as const
  const counts = kinds.map((kind) => settings.filter((one) => one.kind === kind).length)
  const [variables = 0, connections = 0] = counts
  const said = [
    ...(variables === 0 ? [] : [counted(variables, 'variable')]),
    ...(connections === 0 ? [] : [counted(connections, 'connection')]),
  ]
  return `${listed(said)} ${mode === 'check' ? 'would be set' : 'set'}`
}
