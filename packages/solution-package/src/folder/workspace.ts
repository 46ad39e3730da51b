import { realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { FolderError } from './folder-error.ts'
import { gitFolder } from './path-rules.ts'
import { isMissing } from './walk.ts'

/** What a run may read and write beside what its inputs name. */
export interface Workspace {
  /** The repository's folder on this machine. */
  readonly root: string
  /** Paths may lead out of it. */
  readonly allowOutside: boolean
}

/**
 * The folder itself may be reached by a link; the parts of the path that do not exist yet stay as they are.
 *
 * @throws FolderError when it is a file
 */
export function realPath(folder: string): string {
  const real = realLocation(folder)
  const stat = statSync(real, { throwIfNoEntry: false })
  if (stat !== undefined && !stat.isDirectory()) {
    throw new FolderError(`${resolve(folder)} is a file, not a folder.`)
  }
  return real
}

/** Where a path leads to, whether all of it exists or not. */
function realLocation(path: string): string {
  const full = resolve(path)
  try {
    return realpathSync(full)
  } catch (error) {
    if (!isMissing(error)) throw error
    const parent = dirname(full)
    return parent === full ? full : join(realPath(parent), relative(parent, full))
  }
}

/**
 * Refuses a path below the workspace that leads out of it by a link: links come with a checkout, and what they lead to
 * was not reviewed. A path that an input itself gives outside of the workspace is the choice of whoever wrote it.
 *
 * @throws FolderError
 */
export function refuseLinkOut(path: string, { root, allowOutside }: Workspace): void {
  const real = realLocation(path)
  if (isInGit(real)) {
    throw new FolderError(
      `${path} is ${real}, which lies in a .git folder. Git would run what is written there.`,
    )
  }
  if (allowOutside || !isInside(resolve(root), resolve(path))) return
  if (isInside(realLocation(root), real)) return
  throw new FolderError(
    `${path} leads by a link to ${real}, out of the workspace ${root}, so nothing is read or written there. Put a folder in its place, or name ${real} itself.`,
  )
}

/** Why a path of a map file is refused; undefined when it is not. */
export function reasonToRefuse(path: string, { root, allowOutside }: Workspace): string | undefined {
  const real = realLocation(path)
  if (isInGit(resolve(path)) || isInGit(real)) return 'lies in a .git folder'
  if (allowOutside || isInside(realLocation(root), real)) return undefined
  return `lies outside of the workspace ${root}`
}

function isInGit(path: string): boolean {
  return path.split(sep).some((name) => gitFolder.test(name))
}

/** Whether a path is a folder or lies in it, by their names. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
