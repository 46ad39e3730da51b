import { UserError } from '@dsa/user-error'
import type { Environment } from '../environment.ts'
import { keepArchives } from './archive/archives.ts'
import { platformActor } from './built-in.ts'
import { checkIdentity } from './import/import-solution.ts'
import { installContent } from './import/install.ts'
import { publishAll } from './layers/publish.ts'
import { readArchive } from './archive/read-archive.ts'

export interface SolutionSeed {
  /** For messages: the file or folder that it comes from. */
  readonly source: string
  readonly archive: Uint8Array
  /** The managed build of the same solution; an export of the managed kind gives it back. */
  readonly managed?: Uint8Array
}

/** Puts a solution into an environment as if it had been made or installed there. Its dependencies are taken as met. */
export function seedSolution(environment: Environment, seed: SolutionSeed): void {
  try {
    const content = readArchive(seed.archive)
    const actor = platformActor(environment)
    checkIdentity(actor, content)
    keepArchives(environment, content.uniqueName, {
      ...(content.managed ? { managed: seed.archive } : { unmanaged: seed.archive }),
      ...(seed.managed === undefined ? {} : { managed: seed.managed }),
    })
    installContent(actor, content, { uniqueName: content.uniqueName, overwriteUnmanaged: false })
    publishAll(actor)
  } catch (error) {
    throw new UserError(
      `The environment '${environment.name}' cannot be seeded with ${seed.source}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
