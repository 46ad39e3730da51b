import type { ImportOptions } from './import-options.ts'
import type { JobFault } from '../../jobs/job-fault.ts'
import type { Row } from '../../store/row.ts'
import { ACTIVE } from '../layers/layer.ts'
import { text } from '../../store/value.ts'
import { compareVersions } from '@dsa/solution-package'
import { ApiError, refuse } from '../../odata/errors.ts'
import { keepArchives, archivesOf } from '../archive/archives.ts'
import { layersOf, nextSequence, putLayer } from '../layers/layers.ts'
import { patchedSolution, type ArchiveContent, type MissingDependency } from '../archive/content.ts'
import { isProductUpdate, unmetDependencies } from '../dependencies/dependencies.ts'
import { switchProcesses } from './flows.ts'
import { installContent } from './install.ts'
import { applyParameters } from './parameters.ts'
import { missingDependenciesXml } from './result-xml.ts'
import { isVersion } from '../version.ts'
import { archiveFaults } from '../archive/check-archive.ts'
import { holdingOf, promote } from '../remove.ts'
import { findSolution, patchesOf, type Actor } from '../solution-row.ts'

/** What an import did, for import jobs and the history. */
export type ImportMode = 'install' | 'update' | 'holding' | 'upgrade' | 'patch'

export interface ImportOutcome {
  readonly mode: ImportMode
  readonly solution: Row
}

const RESTRICTED = new Set(['default', 'active', 'system', 'basic'])

/** The mode in which an archive would be imported, when nothing is wrong. */
function importMode(
  actor: Pick<Actor, 'environment'>,
  content: ArchiveContent,
  options: Pick<ImportOptions, 'holding' | 'upgrade'>,
): ImportMode {
  if (patchedSolution(content.uniqueName) !== undefined) return 'patch'
  if (findSolution(actor.environment, content.uniqueName) === undefined) return 'install'
  if (!content.managed) return 'update'
  if (options.holding) return 'holding'
  return options.upgrade ? 'upgrade' : 'update'
}

/**
 * Imports an archive in the mode that the options and the present state give. All or nothing: a refusal leaves
 * the environment as it was, unless the fault script wants a holding solution left behind.
 * @throws ApiError with the code of what is wrong
 */
export function importSolution(
  actor: Actor,
  content: ArchiveContent,
  options: ImportOptions,
  wanted?: JobFault,
): ImportOutcome {
  const { environment } = actor
  const before = environment.store.snapshot()
  try {
    const [fault] = archiveFaults(content.bytes)
    if (fault !== undefined) throw fault
    checkImport(actor, content, options)
    const mode = importMode(actor, content, options)
    const solution = carryOut(actor, content, options, mode, wanted)
    if (wanted?.leavesFormLayer === true) leaveFormLayer(actor, content)
    applyParameters(actor, content, options.parameters)
    switchProcesses(actor, content, options.publishWorkflows)
    return { mode, solution }
  } catch (error) {
    environment.store.restore(before)
    environment.forgetTables()
    throw error
  }
}

function carryOut(
  actor: Actor,
  content: ArchiveContent,
  options: ImportOptions,
  mode: ImportMode,
  fault: JobFault | undefined,
): Row {
  const { environment } = actor
  const isStaged = mode === 'holding' || mode === 'upgrade'
  const uniqueName = isStaged ? `${content.uniqueName}_Upgrade` : content.uniqueName
  keepImported(actor, uniqueName, content)
  const installed = installContent(actor, content, {
    uniqueName,
    overwriteUnmanaged: options.overwriteUnmanaged,
  })
  failOnRequest(fault)
  const base = findSolution(environment, content.uniqueName)
  return mode === 'upgrade' && base !== undefined ? promote(actor, base, installed) : installed
}

/** An unmanaged import merges into what a managed export is made of; a seeded managed build is out of date then. */
function keepImported(actor: Actor, uniqueName: string, content: ArchiveContent): void {
  const { bytes, managed } = content
  const known = archivesOf(actor.environment, uniqueName)
  const isSame = known.unmanaged !== undefined && Buffer.compare(known.unmanaged, bytes) === 0
  keepArchives(
    actor.environment,
    uniqueName,
    managed ? { managed: bytes } : isSame ? known : { unmanaged: bytes },
  )
}

function leaveFormLayer({ environment }: Actor, content: ArchiveContent): void {
  const form = content.components.find(({ typeName }) => typeName === 'SystemForm')
  const layer = form === undefined ? undefined : layersOf(environment, form.key).at(-1)
  if (layer !== undefined)
    putLayer(environment, { ...layer, solution: ACTIVE, sequence: nextSequence(environment) })
}

/** @throws ApiError as the fault script says */
export function failOnRequest(fault: JobFault | undefined): void {
  if (fault?.code === undefined && fault?.message === undefined) return
  throw new ApiError(
    400,
    fault.code ?? '0x80048033',
    fault.message ?? 'The import failed because the fault script says so.',
  )
}

/**
 * Everything that is looked at before anything is changed.
 * @throws ApiError
 */
export function checkImport(
  actor: Actor,
  content: ArchiveContent,
  options: Pick<ImportOptions, 'holding' | 'upgrade' | 'skipProductUpdates'>,
): void {
  checkIdentity(actor, content)
  checkPatch(actor, content)
  checkUpgradeVersion(actor, content, options)
  const missing = unmetDependencies(actor.environment, content).filter(
    (item) => !(options.skipProductUpdates && isProductUpdate(item)),
  )
  if (missing.length > 0) throw missingDependencies(content, missing)
}

function missingDependencies(content: ArchiveContent, missing: readonly MissingDependency[]): ApiError {
  const isProductOnly = missing.every(isProductUpdate)
  return refuse(
    'missingDependencies',
    content.uniqueName,
    missingDependenciesXml(missing),
    isProductOnly ? 'True' : 'False',
  )
}

/** Name, version, kind and publisher against what is there. */
export function checkIdentity(actor: Actor, content: ArchiveContent): void {
  if (!/^[A-Za-z_]\w*$/.test(content.uniqueName)) throw refuse('badUniqueName')
  if (RESTRICTED.has(content.uniqueName.toLowerCase())) throw refuse('restrictedName', content.uniqueName)
  if (!isVersion(content.version)) throw refuse('badVersion')
  const present = findSolution(actor.environment, content.uniqueName)
  if (present === undefined) return
  if (content.managed && present['ismanaged'] !== true) throw refuse('managedOverUnmanaged')
  if (!content.managed && present['ismanaged'] === true) throw refuse('unmanagedOverManaged')
  const publisher = text(actor.environment.store.get('publisher', text(present, 'publisherid')), 'uniquename')
  if (content.managed && publisher.toLowerCase() !== content.publisher.uniqueName.toLowerCase()) {
    throw refuse('wrongPublisher', content.uniqueName, publisher, content.publisher.uniqueName)
  }
}

function checkPatch(actor: Actor, content: ArchiveContent): void {
  const parentName = patchedSolution(content.uniqueName)
  if (parentName === undefined) {
    const present = findSolution(actor.environment, content.uniqueName)
    const patches = present === undefined || content.managed ? [] : patchesOf(actor.environment, present)
    if (patches.length > 0)
      throw refuse('patchedSolution', patches.map((row) => text(row, 'uniquename')).join(', '))
    return
  }
  const parent = findSolution(actor.environment, parentName)
  if (parent === undefined) throw refuse('patchMissingBase', content.uniqueName, parentName)
  const [major, minor] = content.version.split('.')
  const [parentMajor, parentMinor] = text(parent, 'version').split('.')
  if (major !== parentMajor || minor !== parentMinor)
    throw refuse('patchMissingBase', content.uniqueName, parentName)
  for (const patch of patchesOf(actor.environment, parent)) {
    const order = compareVersions(text(patch, 'version'), content.version)
    if (order === 0) throw refuse('samePatchVersion', content.version)
    if (order > 0) throw refuse('higherPatch', text(patch, 'uniquename'), text(patch, 'version'))
  }
}

function checkUpgradeVersion(
  actor: Actor,
  content: ArchiveContent,
  options: Pick<ImportOptions, 'holding' | 'upgrade'>,
): void {
  const mode = importMode(actor, content, options)
  if (mode !== 'holding' && mode !== 'upgrade') return
  const present = findSolution(actor.environment, content.uniqueName)
  if (present !== undefined && compareVersions(content.version, text(present, 'version')) <= 0)
    throw refuse('lowerVersionUpgrade')
}

/**
 * Applies a pending upgrade.
 * @param uniqueName of the base, not of the holding solution
 * @throws ApiError `0x8004853b` when nothing is pending, `0x8004853c` when the holding solution was named
 */
export function applyUpgrade(actor: Actor, uniqueName: string): Row {
  const { environment } = actor
  if (uniqueName.endsWith('_Upgrade') && findSolution(environment, uniqueName) !== undefined)
    throw refuse('upgradeWrongSolution')
  const base = findSolution(environment, uniqueName)
  const holding = base === undefined ? undefined : holdingOf(environment, text(base, 'uniquename'))
  if (base === undefined || holding === undefined) throw refuse('noUpgradePending', uniqueName)
  const before = environment.store.snapshot()
  try {
    return promote(actor, base, holding)
  } catch (error) {
    environment.store.restore(before)
    environment.forgetTables()
    throw error
  }
}
