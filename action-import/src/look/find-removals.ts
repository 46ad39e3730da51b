import { compareVersions } from '@dsa/solution-package'
import type { Session } from '../session.ts'
import type { Archive } from './archive.ts'
import { compareWithEnvironment, withRows } from './environment-removals.ts'
import { compareArchives } from './archive-removals.ts'
import { NO_REMOVALS } from './removals.ts'
import type { Removals } from './removals.ts'
import type { Target } from './target.ts'

/** Compares only where an upgrade is possible: a managed archive over a lower managed version. */
export async function findRemovals(session: Session, archive: Archive, target: Target): Promise<Removals> {
  const { inputs, deps, client, previous } = session
  const { installed } = target
  const possible =
    installed?.isManaged === true &&
    archive.managed &&
    archive.patchOf === undefined &&
    (inputs.wishes.mode === 'auto' || inputs.wishes.mode === 'upgrade' || inputs.wishes.mode === 'stage') &&
    compareVersions(archive.version, installed.version) > 0
  if (!possible) return NO_REMOVALS
  if (previous !== undefined) {
    const fits =
      previous.name.toLowerCase() === archive.name.toLowerCase() &&
      compareVersions(previous.version, installed.version) === 0
    if (fits) {
      const removals = await compareArchives(previous, archive)
      return { ...removals, removed: await withRows(client, removals.removed) }
    }
    deps.log.warning(
      `'previous-solution-file' is ${previous.name} ${previous.version}, but the environment has ${installed.uniqueName} ` +
        `${installed.version}; it is not used, and the environment's components are compared instead.`,
    )
  }
  return compareWithEnvironment(client, target.content, archive.components, archive.manifest.publisher.prefix)
}
