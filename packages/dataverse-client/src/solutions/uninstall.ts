import type { DataverseClient } from '../pipeline/client.ts'
import { ifTold } from '../pipeline/if-told.ts'
import { literal } from '../pipeline/query.ts'
import type { Queue } from '../pipeline/queue.ts'
import { asRow, isRow, optionalNumber, optionalText, rows, text } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'
import { findSolution } from './solutions.ts'
import type { Solution } from './solutions.ts'
import { idsIn, startOnce } from '../jobs/start-once.ts'
import type { SendReason, StartedOperation } from '../jobs/start-once.ts'

const ACTION = 'UninstallSolutionAsync'

export interface UninstallStart {
  readonly solution: Solution
  /** Called before each sending; what it throws ends the start. */
  readonly prepare: (reason: SendReason) => Promise<void>
  readonly queue: Queue
}

/**
 * Starts the deletion of a solution: the components of a managed one go, those of an unmanaged one stay.
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export function startUninstall(
  client: DataverseClient,
  { solution, prepare, queue }: UninstallStart,
): Promise<StartedOperation> {
  const { uniqueName, version } = solution
  return startOnce<void, StartedOperation>(client, {
    what: `Deletion of '${uniqueName}' ${version}`,
    messages: [ACTION, 'UninstallSolution'],
    solutionName: uniqueName,
    hasImportJob: false,
    advice: 'When nothing runs there any more and the solution is still there, run the step again.',
    queue,
    prepare,
    async send() {
      const answer = await client.post(ACTION, { SolutionUniqueName: uniqueName }, { whenBusy: 'refuse' })
      return idsIn(ACTION, () => ({
        asyncOperationId: text(asRow(answer, ACTION), 'AsyncOperationId', ACTION),
        importJobId: undefined,
      }))
    },
    // One that arrives late finds no such solution, and deletes nothing.
    fence: async () => true,
    state: async () => (await findSolution(client, uniqueName))?.id ?? '',
  })
}

/** Something of another solution that needs a component of this one. */
export interface UninstallHindrance {
  /** As documented for `componenttype`, and the name of it that the platform gives, which may be ''. */
  readonly dependentType: number
  readonly dependent: string
  readonly dependentSolution: string
  readonly requiredType: number
  readonly required: string
}

/** What forbids to uninstall a solution: components of others that need what would go. */
export async function listUninstallHindrances(
  client: DataverseClient,
  { uniqueName, id }: Solution,
): Promise<readonly UninstallHindrance[]> {
  const found = await client.list(
    `RetrieveDependenciesForUninstall(SolutionUniqueName=@name)?@name=${literal(uniqueName)}`,
  )
  if (found.length === 0) return []
  const named = await withNames(client, id)
  return (named.length < found.length ? found : named).map(hindrance)
}

/** The same with names, from a function that not every environment answers. */
async function withNames(client: DataverseClient, solutionId: string): Promise<readonly Row[]> {
  const message = 'RetrieveDependenciesForUninstallWithMetadata'
  const answer = await ifTold(client, async () =>
    asRow(await client.get(`${message}(SolutionId=${solutionId})`), message),
  )
  const collection = answer?.['DependencyMetadataCollection']
  return isRow(collection) ? rows(collection['DependencyMetadataInfoCollection']) : []
}

function hindrance(row: Row): UninstallHindrance {
  const name = (side: string): string =>
    optionalText(row, `${side}componentname`) ||
    optionalText(row, `${side}componentdisplayname`) ||
    (optionalText(row, `${side}componentobjectid`) ?? '')
  return {
    dependentType: optionalNumber(row, 'dependentcomponenttype') ?? 0,
    dependent: name('dependent'),
    dependentSolution: optionalText(row, 'dependentcomponentbasesolutionuniquename') ?? '',
    requiredType: optionalNumber(row, 'requiredcomponenttype') ?? 0,
    required: name('required'),
  }
}
