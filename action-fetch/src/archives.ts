import { ignorePatterns, openPackage, openZip, readManifest } from '@dsa/solution-package'
import { quotedList, UserError } from '@dsa/user-error'
import type { Build, BuildFile } from './build.ts'
import { sha256Of } from './checksums.ts'
import type { Inputs } from './inputs.ts'

/** A solution archive of a build. */
export interface Archive {
  /** See {@link BuildFile}. */
  readonly path: string
  readonly bytes: Uint8Array
  /** In hex. */
  readonly sha256: string
  /** Unique name of the solution. */
  readonly name: string
  readonly version: string
  readonly managed: boolean
}

/**
 * The solution archives of a build that are wanted.
 *
 * @throws UserError when there is none, with what is there instead
 */
export async function wantedArchives(build: Build, { files, type }: Inputs): Promise<readonly Archive[]> {
  const isNamed = ignorePatterns(files)
  const zips = build.files.filter(isZip)
  const named = files.length === 0 ? zips : zips.filter(({ path }) => isNamed(path))
  const read = await readAll(named, files.length > 0)
  const archives = read.filter(({ managed }) => type === 'Any' || managed === (type === 'Managed'))
  if (archives.length > 0) return archives
  const has = quotedList(build.files.map(({ path }) => path))
  const wanted = [
    type === 'Any' ? '' : `${type.toLowerCase()} `,
    'solution archive',
    files.length === 0 ? '' : ` that 'files' names (${files.join(', ')})`,
  ].join('')
  throw new UserError(
    `There is no ${wanted} in ${build.source}. ${has === '' ? 'It is empty.' : `It holds ${has}.`}`,
  )
}

/** All solution archives of a build, which may have none. */
export function archivesIn({ files }: Build): Promise<readonly Archive[]> {
  return readAll(files.filter(isZip), false)
}

function isZip({ path }: BuildFile): boolean {
  return /\.zip$/i.test(path)
}

/** One after the other, since each is in memory as a whole. A release may hold other zips, which nobody asked for. */
async function readAll(files: readonly BuildFile[], areNamed: boolean): Promise<readonly Archive[]> {
  const archives: Archive[] = []
  for (const file of files) {
    const bytes = await file.read()
    const parts = partsOf(bytes, file.path, areNamed)
    if (parts === undefined || (!areNamed && parts.find('solution.xml') === undefined)) continue
    const { uniqueName, version, managed } = readManifest(parts)
    archives.push({
      path: file.path,
      bytes,
      sha256: sha256Of(bytes),
      name: uniqueName,
      version,
      managed: managed === 'Managed',
    })
  }
  return archives
}

function partsOf(bytes: Uint8Array, label: string, isNamed: boolean) {
  try {
    return openPackage(openZip(bytes, { label }), label)
  } catch (error) {
    if (isNamed || !(error instanceof UserError)) throw error
    return undefined
  }
}
