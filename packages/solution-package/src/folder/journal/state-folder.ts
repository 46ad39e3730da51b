import { lstatSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { nodeErrorCode } from '../../node-error.ts'
import { FolderError } from '../folder-error.ts'

const own = 'dataverse-solution-actions'

/**
 * The folder where this user's programs keep what they have to remember on this machine. It is neither in a workspace,
 * which a checkout fills, nor in RUNNER_TEMP, which is emptied between jobs.
 */
function stateHome(): string | undefined {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = process.env
  if (xdg !== undefined && isAbsolute(xdg)) return xdg
  if (process.platform === 'win32' && local !== undefined && isAbsolute(local)) return local
  const home = ownHome()
  if (home === undefined) return undefined
  if (process.platform === 'win32') return join(home, 'AppData', 'Local')
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support')
  return join(home, '.local', 'state')
}

/** A container may run as a user whom it does not know, and who has no home. */
function ownHome(): string | undefined {
  try {
    const home = homedir()
    return isAbsolute(home) ? home : undefined
  } catch (error) {
    if (nodeErrorCode(error) === undefined) throw error
    return undefined
  }
}

/**
 * Makes a folder of ours below it, that nobody else can write to.
 *
 * @throws FolderError when there is no place for one
 */
export function stateFolder(name: string): string {
  // A container may have a home that cannot be written to.
  const home = stateHome()
  const places = [
    ...(home === undefined ? [] : [home]),
    join(tmpdir(), `state-${process.getuid?.() ?? 'own'}`),
  ]
  for (const place of places) {
    const folder = join(place, own, name)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (error) {
      if (nodeErrorCode(error) === undefined) throw error
      continue
    }
    if (isOurs(join(place, own)) && isOurs(folder)) return folder
  }
  throw new FolderError(
    `None of ${places.join(', ')} can be written to, where a run notes which folder it is changing. Set XDG_STATE_HOME to a folder that outlives the job and is not in the workspace.`,
  )
}

/** A folder that somebody else made, in a place where all can, is not used. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder)
  return stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid)
}
