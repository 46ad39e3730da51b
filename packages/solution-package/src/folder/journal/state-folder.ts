import { lstatSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { nodeErrorCode } from '../../node-error.ts'
import { FolderError } from '../folder-error.ts'

const own = 'dataverse-solution-actions'

/**
 * The folder where this user's programs keep what they have to remember on this machine. It is neither in a workspace,
 * which a checkout fills, nor in RUNNER_TEMP, which is emptied between jobs.
 */
function stateHome(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = environment
  if (xdg !== undefined && xdg !== '') return xdg
  if (platform === 'win32') return local || join(homedir(), 'AppData', 'Local')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return join(homedir(), '.local', 'state')
}

/**
 * Makes a folder of ours below it, that nobody else can write to.
 *
 * @throws FolderError when there is no place for one
 */
export function stateFolder(name: string): string {
  // A container may have a home that cannot be written to.
  const places = [stateHome(process.env, process.platform), join(tmpdir(), `state-${userInfo().uid}`)]
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
