import { isVersion } from './version.ts'
import type { Row } from '../store/row.ts'
import { text } from '../store/value.ts'
import { compareVersions } from '@dsa/solution-package'
import { stableGuid } from '../stable-id.ts'
import { refuse } from '../odata/errors.ts'
import { findSolution, newRow, patchesOf, storeRow, type Actor } from './solution-row.ts'

function unmanagedParent(actor: Actor, uniqueName: string): Row {
  const parent = findSolution(actor.environment, uniqueName)
  if (parent === undefined) throw refuse('noSuchKey', 'solution')
  if (parent['ismanaged'] === true) throw refuse('updateManaged', uniqueName)
  return parent
}

function checkedVersion(version: string): readonly [number, number] {
  if (!isVersion(version)) throw refuse('badVersion')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}

/**
 * Makes an empty patch of an unmanaged solution.
 * @param version of the parent's major.minor and higher than the parent and its patches
 */
export function cloneAsPatch(actor: Actor, parentName: string, displayName: string, version: string): Row {
  const { environment } = actor
  const parent = unmanagedParent(actor, parentName)
  const [major, minor] = checkedVersion(version)
  const [parentMajor, parentMinor] = checkedVersion(text(parent, 'version'))
  const highest =
    [parent, ...patchesOf(environment, parent)]
      .map((row) => text(row, 'version'))
      .toSorted(compareVersions)
      .at(-1) ?? ''
  if (major !== parentMajor || minor !== parentMinor || compareVersions(version, highest) <= 0) {
    throw refuse(
      'cloneFailed',
      `The version ${version} of a patch must have the major and minor number of ${text(parent, 'version')} and be higher than ${highest}.`,
    )
  }
  const hash = stableGuid('patch', parentName, version).slice(0, 8)
  const row = newRow(actor, 'solution', {
    uniquename: `${text(parent, 'uniquename')}_Patch_${hash}`,
    friendlyname: displayName,
    version,
    publisherid: parent['publisherid'] ?? null,
    parentsolutionid: parent['solutionid'] ?? null,
  })
  storeRow(environment, 'solution', row)
  return row
}

/**
 * Rolls the patches of an unmanaged solution up into a new version of it.
 * @param version with a higher major.minor than the solution has
 */
export function cloneAsSolution(actor: Actor, parentName: string, displayName: string, version: string): Row {
  const { environment } = actor
  const parent = unmanagedParent(actor, parentName)
  const [major, minor] = checkedVersion(version)
  const [parentMajor, parentMinor] = checkedVersion(text(parent, 'version'))
  if (major < parentMajor || (major === parentMajor && minor <= parentMinor)) {
    throw refuse(
      'cloneFailed',
      `The major and minor number of ${version} must be higher than those of ${text(parent, 'version')}.`,
    )
  }
  for (const patch of patchesOf(environment, parent)) {
    moveComponents(actor, patch, parent)
    environment.store.remove('solution', text(patch, 'solutionid'))
  }
  const row = { ...parent, friendlyname: displayName, version }
  storeRow(environment, 'solution', row)
  return row
}

function moveComponents({ environment }: Actor, patch: Row, parent: Row): void {
  for (const row of environment.store.filter(
    'solutioncomponent',
    (item) => item['solutionid'] === patch['solutionid'],
  )) {
    environment.store.remove('solutioncomponent', text(row, 'solutioncomponentid'))
    const id = stableGuid('solutioncomponent', text(parent, 'solutionid'), text(row, '(component)'))
    if (environment.store.get('solutioncomponent', id) === undefined) {
      storeRow(environment, 'solutioncomponent', {
        ...row,
        solutioncomponentid: id,
        solutionid: parent['solutionid'] ?? null,
      })
    }
  }
}
