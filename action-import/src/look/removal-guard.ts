import { resolvePath } from '@dsa/action-kit'
import { compareVersions, componentTypeName } from '@dsa/solution-package'
import { componentsOf } from './archive-components.ts'
import { readArchive } from './archive.ts'
import type { Archive } from './archive.ts'
import type { Action } from '../decide/decision.ts'
import { compareWithEnvironment } from './environment-removals.ts'
import { RefusedError } from '../import-errors.ts'
import { compareArchives, holdsData, NO_REMOVALS } from './removals.ts'
import type { Removal, Removals } from './removals.ts'
import type { Session } from '../session.ts'
import type { Target } from './target.ts'

/** Compares only where an upgrade is possible: a managed archive over a lower managed version. */
export const findRemovals = async (session: Session, archive: Archive, target: Target): Promise<Removals> => {
  const { inputs, deps, client, base } = session
  const { installed } = target
  const possible =
    installed?.isManaged === true &&
    archive.managed &&
    archive.patchOf === undefined &&
    (inputs.wishes.mode === 'auto' || inputs.wishes.mode === 'upgrade' || inputs.wishes.mode === 'stage') &&
    compareVersions(archive.version, installed.version) > 0
  if (!possible) return NO_REMOVALS
  const after = componentsOf(archive)
  if (inputs.previousSolutionFile !== undefined) {
    const previous = await readArchive(resolvePath(base, inputs.previousSolutionFile))
    const fits =
      previous.name.toLowerCase() === archive.name.toLowerCase() &&
      compareVersions(previous.version, installed.version) === 0
    if (fits) return compareArchives(componentsOf(previous), after)
    deps.log.warning(
      `'previous-solution-file' is ${previous.name} ${previous.version}, but the environment has ${installed.uniqueName} ` +
        `${installed.version}; it is not used, and the environment's components are compared instead.`,
    )
  }
  return compareWithEnvironment(client, installed, after, archive.manifest.publisher.prefix)
}

/**
 * Tells what an upgrade deletes, and stops before data would be deleted without leave.
 * @throws RefusedError naming the tables and columns
 */
export const guardRemovals = (session: Session, action: Action, removals: Removals): void => {
  if (action !== 'upgrade' && action !== 'stage') return
  const { inputs, deps, client } = session
  deps.setOutput('removed-components', removals.removed.length)
  tell(session, action, removals)
  if (action === 'stage' || inputs.allowDataDeletion) return
  const data = removals.removed.filter(holdsData)
  if (data.length === 0 && removals.dataIsCertain) return
  const what =
    data.length > 0
      ? `${data.map(line).join(', ')} would be deleted with ${data.length === 1 ? 'its' : 'their'} data.`
      : `which tables and columns would be deleted is not known (not compared: ${removals.notCompared.join(', ')}).`
  throw new RefusedError(
    `The upgrade of ${client.environmentUrl} was not started: ${what} If that is what you want, give ` +
      "'allow-data-deletion: true'; to keep them, 'mode: update'." +
      (removals.dataIsCertain
        ? ''
        : " With 'previous-solution-file' (the archive of the last release) it is known exactly."),
  )
}

const line = ({ type, name, rows }: Removal): string => {
  const count = rows === undefined ? '' : ` (${rows} rows)`
  return `${componentTypeName(type)} ${name}${count}`
}

const tell = ({ deps }: Session, action: Action, { removed, notCompared }: Removals): void => {
  const when = action === 'stage' ? 'when the upgrade is applied' : 'by the upgrade'
  if (removed.length > 0) {
    for (const one of removed) deps.log.info(`Deleted ${when}: ${line(one)}`)
    deps.summary.text(`Deleted ${when} (${removed.length}):`)
    deps.summary.table(
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
    deps.log.info(`Not compared: ${notCompared.join(', ')}.`)
    deps.summary.text('What could not be compared with the archive:')
    deps.summary.list(notCompared)
  }
}
