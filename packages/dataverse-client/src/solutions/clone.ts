import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError, LostAnswerError } from '../pipeline/errors.ts'
import { asRow, text } from '../pipeline/wire.ts'
import { idsIn, UnknownOutcomeError } from '../jobs/start-once.ts'
import { findSolution, listPatches, solutionOfId } from './solutions.ts'
import type { Solution } from './solutions.ts'

/** A large solution takes minutes, and there is no asynchronous form of these messages. */
const CLONE_TIMEOUT_MS = 20 * 60_000

/** Waits before each look for what a lost request may have made. */
const LOOKS_MS = [0, 2_000, 10_000, 30_000, 60_000, 120_000]

const MAX_SENDS = 3

export interface CloneRequest {
  /** `solution` rolls the patches of a solution up into a new version of it; `patch` makes an empty patch. */
  readonly kind: 'solution' | 'patch'
  readonly parent: Solution
  readonly displayName: string
  readonly version: string
}

/**
 * Clones an unmanaged solution. When the answer is lost, what it made is looked for by its version. A clone as solution
 * is then sent again, since a second one of the same version is refused; a second patch might be made, so a patch is not.
 * @throws UnknownOutcomeError when the answer was lost and nothing of it is to be seen
 */
export async function cloneSolution(client: DataverseClient, request: CloneRequest): Promise<Solution> {
  const action = request.kind === 'patch' ? 'CloneAsPatch' : 'CloneAsSolution'
  const parameters = {
    ParentSolutionUniqueName: request.parent.uniqueName,
    DisplayName: request.displayName,
    VersionNumber: request.version,
  }
  const before = new Set((await listPatches(client, request.parent.id)).map(({ id }) => id))
  let lost: LostAnswerError | undefined
  for (let sends = 1; ; sends++) {
    try {
      const answer = await client.post(action, parameters, { timeoutMs: CLONE_TIMEOUT_MS })
      const id = idsIn(action, () => text(asRow(answer, action), 'SolutionId', action))
      return await solutionOfId(client, id)
    } catch (error) {
      if (error instanceof LostAnswerError) {
        lost = error
        client.log.notice(
          `${action}: the answer was lost; looking for what it made before anything is sent again.`,
        )
        const made = await lookFor(client, request, before)
        if (made !== undefined) return made
        if (request.kind === 'solution' && sends < MAX_SENDS) continue
        throw unknown(client, action, request, lost)
      }
      // Refused because the lost request did arrive, or for a reason of its own.
      const made =
        lost !== undefined && error instanceof DataverseError
          ? await find(client, request, before)
          : undefined
      if (made !== undefined) return made
      throw error
    }
  }
}

async function lookFor(
  client: DataverseClient,
  request: CloneRequest,
  before: ReadonlySet<string>,
): Promise<Solution | undefined> {
  for (const waitMs of LOOKS_MS) {
    if (waitMs > 0) await client.sleep(waitMs)
    const made = await find(client, request, before)
    if (made !== undefined) return made
  }
  return undefined
}

/** The patch that was not there before, or the solution in its new version. */
async function find(
  client: DataverseClient,
  { kind, parent, version }: CloneRequest,
  before: ReadonlySet<string>,
): Promise<Solution | undefined> {
  if (kind === 'patch') {
    const patches = await listPatches(client, parent.id)
    return patches.find((patch) => !before.has(patch.id) && patch.version === version)
  }
  const now = await findSolution(client, parent.uniqueName)
  return now?.version === version ? now : undefined
}

function unknown(
  { environmentUrl }: DataverseClient,
  action: string,
  { kind, parent, version }: CloneRequest,
  cause: LostAnswerError,
): UnknownOutcomeError {
  return new UnknownOutcomeError(
    `${action} of '${parent.uniqueName}': whether it was carried out is not known, so it was not sent again. ${cause.message} ` +
      `Look in ${environmentUrl} under Solutions for a ${kind === 'patch' ? 'patch' : 'solution'} of version ${version}; ` +
      'when there is none after some minutes, run the step again.',
    { cause },
  )
}
