import {
  namedFiles,
  openPackage,
  openZip,
  unclaimedFiles,
  type ArchiveFile,
  type PackageParts,
  type XmlElement,
} from '@dsa/solution-package'
import { refuse, type ApiError, type RefusalName } from '../../odata/errors.ts'
import { isPartName } from './part-names.ts'
import { readXml } from './read-archive.ts'

/**
 * What the service refuses an archive for, whatever the environment holds: entries that are no parts, definitions that
 * name a file that is not there, files that no definition names, a manifest that says something twice.
 */
export function archiveFaults(bytes: Uint8Array): readonly ApiError[] {
  const entries = openZip(bytes)
  const parts = openPackage(entries)
  return [
    ...entries.flatMap(({ name }) => (isSeen(name) ? [] : [refuse('badPartName', name)])),
    ...manifestFaults(readXml(parts, 'solution.xml')),
    ...fileFaults(parts),
  ]
}

/** Folders are not seen as parts and do no harm. */
function isSeen(entryName: string): boolean {
  return entryName.endsWith('/') || entryName === '[Content_Types].xml' || isPartName(entryName)
}

/** Elements that the manifest has once. */
const SINGLE = ['UniqueName', 'Version', 'Managed']

function manifestFaults(solution: XmlElement): readonly ApiError[] {
  const manifest = solution.element('SolutionManifest')
  const repeated = SINGLE.filter((name) => (manifest?.elements(name) ?? []).length > 1)
  const roots = (manifest?.element('RootComponents')?.elements('RootComponent') ?? []).map((root) =>
    ['type', 'schemaName', 'id'].map((name) => root.attribute(name) ?? '').join(' '),
  )
  const twice = roots.filter((root, index) => roots.indexOf(root) < index)
  return [
    ...repeated.map((name) =>
      refuse('invalidByXsd', `The element 'SolutionManifest' has invalid child element '${name}'.`),
    ),
    ...twice.map((root) => refuse('duplicateComponent', root)),
  ]
}

function fileFaults(parts: PackageParts): readonly ApiError[] {
  try {
    const unclaimed = unclaimedFiles(parts)
    return [
      ...namedFiles(parts).flatMap((file) => (file.part === undefined ? [missingFile(file)] : [])),
      ...(unclaimed.length === 0 ? [] : [refuse('unprocessedFiles', unclaimed.join(', '))]),
    ]
  } catch (error) {
    return [Object.assign(refuse('notWellFormed'), { cause: error })]
  }
}

/** The kinds that have a refusal of their own, by the folder of their files. */
const MISSING: Readonly<Record<string, RefusalName>> = {
  canvasapps: 'canvasFileMissing',
  connector: 'connectorFileMissing',
  reports: 'reportFileMissing',
}

function missingFile({ name, by }: ArchiveFile): ApiError {
  const folder = name.slice(0, Math.max(0, name.indexOf('/'))).toLowerCase()
  return refuse(MISSING[folder] ?? 'namedFileMissing', name, by.part)
}
