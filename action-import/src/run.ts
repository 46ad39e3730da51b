import type { Outputs } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import { attempt } from './attempt.ts'
import type { Inputs } from './inputs.ts'
import type { Archive } from './look/archive.ts'
import { readArchives } from './look/given-archives.ts'
import { baseOf, openSessions } from './session.ts'
import type { ImportDeps } from './session.ts'
import { orderByNeeds } from './several/order.ts'
import { runSeveral } from './several/run-several.ts'

/** The service's own limit is not documented; this is where people meet it. */
const LARGE_BYTES = 95 * 1024 * 1024

/** Brings solutions into an environment, or does the part of it that the mode names. */
export async function run(inputs: Inputs, deps: ImportDeps): Promise<Outputs> {
  for (const notice of inputs.notices) deps.log.notice(notice)
  for (const warning of inputs.warnings) deps.log.warning(warning)
  const archives = await archivesOf(inputs, deps)
  const sessions = await openSessions(inputs, deps, archives)
  if (archives.length > 1) return runSeveral(sessions, archives)
  const [session] = sessions
  if (session === undefined) throw new Error('There is no session.')
  const { outputs, error } = await attempt(session, archives[0])
  if (error !== undefined) throw error
  return outputs
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** In the order in which they are to be imported. */
async function archivesOf(inputs: Inputs, deps: ImportDeps): Promise<readonly Archive[]> {
  const { solutionName, solutionFiles, order } = inputs
  const archives = await readArchives(solutionFiles, baseOf(inputs, deps), 'solution-file')
  for (const archive of archives) {
    if (archive.bytes.length <= LARGE_BYTES) continue
    deps.log.warning(`${archive.path} is larger than 95 MB; the service may refuse it.`)
  }
  const [first] = archives
  if (archives.length > 1) {
    guardSeveral(inputs, archives)
    return order === 'given' ? archives : orderByNeeds(archives)
  }
  if (first !== undefined && solutionName !== undefined && !same(solutionName, first.name)) {
    throw new UserError(
      `Input 'solution-name' is '${solutionName}', but 'solution-file' ${solutionFiles.join(', ')} is the solution '${first.name}'. Give the archive of that solution, or leave 'solution-name' out.`,
    )
  }
  return archives
}

/** What has no meaning for several solutions, or not one meaning. */
function guardSeveral({ mode, solutionName, asyncOperationId }: Inputs, archives: readonly Archive[]): void {
  const alone =
    mode === 'promote' || mode === 'settings'
      ? `mode '${mode}'`
      : solutionName !== undefined
        ? "'solution-name'"
        : asyncOperationId !== undefined
          ? "'async-operation-id'"
          : undefined
  if (alone !== undefined) {
    throw new UserError(
      `'solution-file' names ${archives.length} archives, but ${alone} is for one solution. Give one archive, or a step for each.`,
    )
  }
  for (const [index, archive] of archives.entries()) {
    const other = archives.slice(0, index).find(({ name }) => same(name, archive.name))
    if (other === undefined) continue
    throw new UserError(
      `'solution-file' names the solution '${archive.name}' twice: ${other.path} and ${archive.path}. Name the one that the environment is to get, such as '*_managed.zip'.`,
    )
  }
}
