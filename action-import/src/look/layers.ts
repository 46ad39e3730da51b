import type { SolutionContentRow } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import { RefusedError } from '../import-errors.ts'
import type { Session } from '../session.ts'
import { solutionContent } from './solution-content.ts'
import type { Target } from './target.ts'

/** More than these would only fill the log; the summary has all. */
const NAMED = 10

/**
 * Reports unmanaged layers over the installed components: an import goes green there and nothing changes.
 * @throws RefusedError with `report-layers: fail`
 */
export const reportLayers = async (session: Session, { installed }: Target): Promise<void> => {
  const { inputs, deps, client } = session
  if (inputs.reportLayers === 'off' || installed === undefined || !installed.isManaged) return
  const layered = await layeredComponents(session, installed.id)
  if (layered === undefined) return
  deps.setOutput('unmanaged-layers', layered.length)
  if (layered.length === 0) return
  deps.summary.text(`Unmanaged layers that hide what the import brings (${layered.length}):`)
  deps.summary.list(layered.map(nameOf))
  const named = layered.slice(0, NAMED).map(nameOf).join(', ')
  const words =
    `Components of ${installed.uniqueName} were changed by hand in ${client.environmentUrl} (${layered.length}): ${named}` +
    `${layered.length > NAMED ? ', …' : ''}. Those changes lie over the solution and hide what the import brings. Remove ` +
    "them (Solution layers, Remove unmanaged layer), or import with 'force-overwrite: true'."
  if (inputs.reportLayers === 'fail' && !inputs.forceOverwrite) throw new RefusedError(words)
  deps.log.warning(words)
}

const nameOf = ({ type, name }: SolutionContentRow): string => `${componentTypeName(type)} ${name}`

/** The look is a courtesy; an environment that refuses it stops nothing. */
const layeredComponents = async (
  { client, deps }: Session,
  solutionId: string,
): Promise<readonly SolutionContentRow[] | undefined> => {
  try {
    const content = await solutionContent(client, solutionId)
    return content.filter(({ hasUnmanagedLayer }) => hasUnmanagedLayer)
  } catch (error) {
    if (deps.signal.aborted) throw error
    deps.log.debug(`The layers could not be read: ${String(error)}`)
    return undefined
  }
}
