import { listPastImports } from '@dsa/dataverse-client'
import type { PastImport, Solution, SolutionContentRow } from '@dsa/dataverse-client'
import { COMPONENTS, componentTypeName, NUMBERED_TYPES } from '@dsa/solution-package'
import { errorText, UserError } from '@dsa/user-error'
import { fold } from '../look/archive-components.ts'
import type { ArchiveComponents } from '../look/archive-components.ts'
import type { Archive } from '../look/archive.ts'
import { isInArchive } from '../look/environment-removals.ts'
import type { Target } from '../look/target.ts'
import type { Session } from '../session.ts'

/** From when on a change in the environment is one that the archive cannot know. */
interface Since {
  readonly ms: number
  readonly words: string
}

/** A component with the time of its last change. */
export type ChangedRow = SolutionContentRow & { readonly modifiedMs: number }

/** More than these would only fill the log; the summary has all. */
const NAMED = 10
/** What an import leaves to its very end, such as switching flows on, may be written after the history closes it. */
const AFTERGLOW_MS = 60_000
/** Clocks differ; an archive from further ahead tells no time of an export. */
const AHEAD_MS = 86_400_000
/** It has the name of its variable, and most archives leave it to the environment. */
const VARIABLE_VALUE: number = NUMBERED_TYPES.environmentVariableValue.type

/**
 * The moment from which on changes count: when the archive was exported, which the dates in it tell, else the end of
 * the last import of the solution in this environment. Undefined when neither is known.
 * @param imports newest first
 */
export function since(
  writtenMs: number | undefined,
  imports: readonly PastImport[],
  nowMs: number,
): Since | undefined {
  if (writtenMs !== undefined && writtenMs <= nowMs + AHEAD_MS)
    return { ms: writtenMs, words: `the archive was exported (${shown(writtenMs)}, by the dates in it)` }
  const [last] = imports
  if (last === undefined) return undefined
  return {
    ms: last.endedMs,
    words: `the last import of the solution there (${last.version}, ${shown(last.endedMs)}); the archive does not tell when it was exported`,
  }
}

/** The components that are in the archive and were changed later, but for those that an import itself wrote; newest first. */
export function changedSince(
  content: readonly SolutionContentRow[],
  archive: ArchiveComponents,
  sinceMs: number,
  imports: readonly PastImport[],
): readonly ChangedRow[] {
  return content
    .filter((row) => isInArchive(row, archive) !== false)
    .filter(({ type, name }) => type !== VARIABLE_VALUE || archive.values.has(fold(name)))
    .flatMap((row) => (row.modifiedMs === undefined ? [] : [{ ...row, modifiedMs: row.modifiedMs }]))
    .filter(
      ({ modifiedMs }) =>
        modifiedMs > sinceMs &&
        !imports.some(
          ({ startedMs, endedMs }) => modifiedMs >= startedMs && modifiedMs <= endedMs + AFTERGLOW_MS,
        ),
    )
    .toSorted((a, b) => b.modifiedMs - a.modifiedMs)
}

/** What an unmanaged import overwrites that was changed in the environment meanwhile. */
export interface Overwritten {
  /** From when on changes count, in words that follow "since". Undefined when nothing was compared. */
  readonly since: string | undefined
  readonly changed: readonly ChangedRow[]
  /** What could not be compared, each a sentence. */
  readonly gaps: readonly string[]
}

/**
 * Finds and logs what an unmanaged import overwrites. It stops nothing, and a look that fails is said. Two requests:
 * the solution's imports, and its components.
 * @returns undefined when there is nothing that could be overwritten
 */
export async function findOverwritten(
  session: Session,
  archive: Archive,
  { installed, content }: Target,
): Promise<Overwritten | undefined> {
  if (installed === undefined || installed.isManaged) return undefined
  const { client, deps } = session
  try {
    const imports = await listPastImports(client, installed.uniqueName)
    const from = since(archive.writtenMs, imports, deps.clock())
    if (from === undefined) {
      return notChecked(
        session,
        'neither the dates in the archive nor the solution history of the environment tell from when on changes would count',
      )
    }
    const rows = await content()
    const changed = changedSince(rows, archive.components, from.ms, imports)
    deps.setOutput('overwritten-changes', changed.length)
    tell(session, installed, from, changed)
    const gaps = gapsOf(rows, archive.components)
    for (const gap of gaps) deps.log.info(gap)
    return { since: from.words, changed, gaps }
  } catch (error) {
    if (deps.signal.aborted || !(error instanceof UserError)) throw error
    return notChecked(session, errorText(error))
  }
}

function notChecked({ deps }: Session, why: string): Overwritten {
  const text = `Not checked: what the import overwrites that was changed in the environment (${why}).`
  deps.log.warning(text)
  return { since: undefined, changed: [], gaps: [text] }
}

function tell(
  { deps, client, inputs }: Session,
  { uniqueName }: Solution,
  { words }: Since,
  changed: readonly ChangedRow[],
): void {
  if (changed.length === 0) {
    deps.log.info(`No component of ${uniqueName} was changed in ${client.environmentUrl} since ${words}.`)
    return
  }
  const named = changed
    .slice(0, NAMED)
    .map((row) => `${nameOf(row)} (${shown(row.modifiedMs)})`)
    .join(', ')
  deps.log.warning(
    `The import overwrites components of ${uniqueName} that were changed in ${client.environmentUrl} since ${words}. ` +
      `There are ${changed.length}: ${named}${changed.length > NAMED ? ', …' : ''}.` +
      (inputs.backupArtifactName === undefined
        ? " 'backup-artifact-name' keeps an export of what is there."
        : ''),
  )
}

/** What the list of the environment cannot tell of. */
function gapsOf(content: readonly SolutionContentRow[], { tables }: ArchiveComponents): readonly string[] {
  const silent = content.filter(({ modifiedMs }) => modifiedMs === undefined)
  const whole = content
    .filter(({ type, name }) => type === COMPONENTS.table.type && tables.get(fold(name))?.behavior === '0')
    .map(({ name }) => name)
  const gaps = [
    ...(silent.length === 0 ? [] : [`${silent.length} components without a time of change`]),
    ...(whole.length === 0 || content.some(({ type }) => PARTS_OF_TABLES.has(type))
      ? []
      : [`columns, forms and views of ${whole.join(', ')}, which belong to the solution with their tables`]),
  ]
  return gaps.length === 0 ? [] : [`Not compared with the archive: ${gaps.join('; ')}.`]
}

/** Columns, views and forms. */
const PARTS_OF_TABLES: ReadonlySet<number> = new Set(
  [COMPONENTS.column, COMPONENTS.view, COMPONENTS.form].map(({ type }) => type),
)

function nameOf({ type, name }: SolutionContentRow): string {
  return `${componentTypeName(type)} ${name}`
}

/** `2026-11-21 08:30 UTC` */
export function shown(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
