import type { Annotation, Cell, Mark, Outputs } from '@dsa/action-kit'
import { counted, quotedList, UserError } from '@dsa/user-error'
import { attempt } from '../attempt.ts'
import type { Attempt } from '../attempt.ts'
import { ImportFailedError } from '../import-errors.ts'
import type { Archive } from '../look/archive.ts'
import type { Session } from '../session.ts'
import { startSection } from './section.ts'
import type { Section } from './section.ts'

/** One solution of a run with several, when the work on it has ended. */
interface Done extends Attempt {
  readonly archive: Archive
  readonly section: Section
  /** All that it set and returned. */
  readonly all: Outputs
}

/**
 * Imports one solution after the other, each by a decision of its own, and stops at the first that fails: what comes
 * after it may need it. A check looks at all of them.
 *
 * @param sessions one for each archive
 * @param archives in order
 * @throws UserError that says which one failed, what the environment has already and what was not begun
 */
export async function runSeveral(
  sessions: readonly Session[],
  archives: readonly Archive[],
): Promise<Outputs> {
  const [first] = sessions
  if (first === undefined) throw new Error('There is no session.')
  const { deps, inputs } = first
  const isCheck = inputs.mode === 'check'
  const names = archives.map(({ name }) => name)
  deps.log.info(`${isCheck ? 'Checking' : 'Importing'}, in this order: ${names.join(', ')}.`)
  const done: Done[] = []
  for (const [index, session] of sessions.entries()) {
    const archive = archives[index]
    if (archive === undefined) break
    deps.log.info(`\n${index + 1} of ${archives.length}: ${archive.name} ${archive.version}`)
    done.push(await one(session, archive))
    const { error } = done.at(-1) ?? {}
    if (error !== undefined && (!isCheck || deps.signal.aborted || !(error instanceof UserError))) break
  }
  const notBegun = archives.slice(done.length)
  summarize(first, done, notBegun)
  const outputs = overall(done)
  const failed = done.filter(({ error }) => error !== undefined)
  if (failed.length === 0) return outputs
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  throw severalError(done, failed, notBegun, isCheck)
}

/** The same as a run of its own, with outputs, artifacts and a part of the summary of its own. */
async function one(session: Session, archive: Archive): Promise<Done> {
  const { inputs } = session
  const own = (name: string | undefined): string | undefined => name && `${name}-${archive.name}`
  const set: Record<string, Outputs[string]> = {}
  const section = startSection()
  const ended = await attempt(
    {
      ...session,
      inputs: {
        ...inputs,
        logArtifactName: own(inputs.logArtifactName),
        recordArtifactName: own(inputs.recordArtifactName),
        backupArtifactName: own(inputs.backupArtifactName),
      },
      deps: {
        ...session.deps,
        summary: section.summary,
        setOutput: (name, value) => void (set[name] = value),
      },
    },
    archive,
  )
  return { ...ended, archive, section, all: { ...set, ...ended.outputs } }
}

function sum(done: readonly Done[], name: string): number {
  return done.reduce((total, { all }) => total + Number(all[name] ?? 0), 0)
}

/** What the outputs of one solution mean for all of them. */
function overall(done: readonly Done[]): Outputs {
  const statuses = new Set(done.map(({ all }) => all['import-status']))
  return {
    solutions: JSON.stringify(done.map(({ all }) => all)),
    changed: done.some(({ all }) => all['changed'] === true),
    'import-status': statuses.size === 1 ? [...statuses][0] : undefined,
    'duration-seconds': sum(done, 'duration-seconds'),
    warnings: sum(done, 'warnings'),
    errors: sum(done, 'errors'),
    findings: sum(done, 'findings'),
    'removed-components': sum(done, 'removed-components'),
    'flows-off': sum(done, 'flows-off'),
  }
}

function summarize(
  { deps, inputs, client }: Session,
  done: readonly Done[],
  notBegun: readonly Archive[],
): void {
  const { summary } = deps
  const { mark, title } = heading(done, notBegun, inputs.mode === 'check')
  summary.outcome(mark, title, [new URL(client.environmentUrl).host])
  summary.table(
    ['Solution', 'Version', 'Result'],
    [
      ...done.map(({ archive, headline }): Cell[] => [archive.name, archive.version, headline.title]),
      ...notBegun.map(({ name, version }): Cell[] => [name, version, 'not begun']),
    ],
  )
  for (const { section } of done) section.writeTo(summary)
}

function heading(
  done: readonly Done[],
  notBegun: readonly Archive[],
  isCheck: boolean,
): { readonly mark: Mark; readonly title: string } {
  const failed = done.filter(({ error }) => error !== undefined)
  const all = counted(done.length + notBegun.length, 'solution')
  const names = quotedList(failed.map(({ archive }) => archive.name))
  if (isCheck) {
    return failed.length === 0
      ? { mark: 'checked', title: `Check only: nothing was changed. ${all} can be imported` }
      : { mark: 'stopped', title: `Check only: nothing was changed. The import of ${names} would fail` }
  }
  if (failed.length > 0) {
    return { mark: 'failed', title: `Stopped at ${names}; ${done.length - 1} of ${all} came before it` }
  }
  const isNothing = done.every(({ headline }) => headline.ending === 'skipped')
  const isWarned = done.some(({ headline }) => headline.mark === 'warned')
  return {
    mark: isNothing ? 'nothing to do' : isWarned ? 'warned' : 'done',
    title: isNothing ? `Nothing to do: ${all}` : `Imported ${all}`,
  }
}

function severalError(
  done: readonly Done[],
  failed: readonly Done[],
  notBegun: readonly Archive[],
  isCheck: boolean,
): unknown {
  const error = failed[0]?.error
  // A defect of ours is told as one.
  if (!(error instanceof UserError)) return error
  const reasons = failed.map(({ archive, error: why }) =>
    failed.length === 1 ? `${archive.name}: ${messageOf(why)}` : `${archive.name}: ${messageOf(why)}\n`,
  )
  const before = done.filter((each) => each.error === undefined && each.all['changed'] === true)
  const state = isCheck
    ? []
    : [
        before.length === 0
          ? 'No other solution was imported by this step.'
          : `Imported before it, and still there: ${before.map(({ archive }) => `${archive.name} ${archive.version}`).join(', ')}.`,
        ...(notBegun.length === 0
          ? []
          : [
              `Not begun: ${notBegun.map(({ name, version }) => `${name} ${version}`).join(', ')}. Run the step again when the cause is mended; what is there already is imported again, or skipped with 'if-same-version: skip'.`,
            ]),
      ]
  return new ImportFailedError([...reasons, ...state].join('\n'), failed.flatMap(annotationsOf), {
    cause: error,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function annotationsOf({ error }: Done): readonly Annotation[] {
  return error instanceof ImportFailedError ? error.annotations : []
}
