import { errorText, UserError } from '@dsa/user-error'
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import {
  archiveSource,
  archiveTree,
  COMPONENTS,
  openPackage,
  openZip,
  parseVersion,
  readGivenFile,
  Solution,
  variableDefinitions,
} from '@dsa/solution-package'
import type { PackageParts, SolutionManifest, SourceTree, VariableDefinition } from '@dsa/solution-package'
import { componentsOf } from './archive-components.ts'
import type { ArchiveComponents } from './archive-components.ts'

/** A solution archive on disk, opened once; what is not asked for is not parsed. */
export class Archive {
  readonly path: string
  readonly bytes: Uint8Array
  readonly parts: PackageParts
  readonly #solution: Solution
  /**
   * The oldest time that its entries tell, in milliseconds since 1970: an export gives all of them the time of the
   * export. Undefined when an entry tells none, as in an archive of action-pack.
   */
  readonly writtenMs: number | undefined
  #components: ArchiveComponents | undefined
  #sha256: string | undefined
  #variables: readonly VariableDefinition[] | undefined

  constructor(path: string, bytes: Uint8Array) {
    const entries = openZip(bytes, { label: basename(path) })
    this.path = path
    this.bytes = bytes
    this.parts = openPackage(entries, basename(path))
    this.#solution = new Solution(archiveSource(this.parts))
    parseVersion(this.manifest.version)
    this.writtenMs = oldest(entries.map(({ writtenMs }) => writtenMs))
  }

  get manifest(): SolutionManifest {
    return this.#solution.manifest
  }

  get name(): string {
    return this.manifest.uniqueName
  }

  get version(): string {
    return this.manifest.version
  }

  get managed(): boolean {
    return this.manifest.managed === 'Managed'
  }

  get publisher(): string {
    return this.manifest.publisher.uniqueName
  }

  /** The base solution's name when the archive is a patch. The platform names clones this way; there is no other mark. */
  get patchOf(): string | undefined {
    return /^(.+)_Patch_[0-9a-f]+$/i.exec(this.name)?.[1]
  }

  /** In hex, of the whole file. */
  get sha256(): string {
    this.#sha256 ??= createHash('sha256').update(this.bytes).digest('hex')
    return this.#sha256
  }

  /** Logical names. */
  get connectionReferences(): readonly string[] {
    return [...this.#solution.components([COMPONENTS.connectionReference])].map(({ name }) => name)
  }

  /** The environment variables that it defines. */
  get variables(): readonly VariableDefinition[] {
    this.#variables ??= variableDefinitions(this.#solution)
    return this.#variables
  }

  /** The files that it unpacks to. */
  get tree(): SourceTree {
    return archiveTree(this.parts)
  }

  get components(): ArchiveComponents {
    this.#components ??= componentsOf(this.parts, this.#solution)
    return this.#components
  }
}

function oldest(times: readonly (number | undefined)[]): number | undefined {
  let least: number | undefined
  for (const time of times) {
    if (time === undefined) return undefined
    least = Math.min(least ?? time, time)
  }
  return least
}

/**
 * Reads an archive and its manifest.
 * @param path absolute
 * @param input the input that named it, for messages
 * @throws UserError that names the file and what is wrong with it
 */
export async function readArchive(
  path: string,
  input: 'solution-file' | 'previous-solution-file' = 'solution-file',
): Promise<Archive> {
  const label = `'${input}' ${path}`
  const bytes = await readGivenFile({
    path,
    label,
    ending: '.zip',
    wanted: 'Give the archive (zip); action-pack makes one from a folder of sources.',
  })
  try {
    return new Archive(path, bytes)
  } catch (error) {
    throw new UserError(`${label} is no solution archive: ${errorText(error)}`, { cause: error })
  }
}
