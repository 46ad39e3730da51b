import { ifTold } from '@dsa/dataverse-client'
import type { SolutionContentRow } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import { RefusedError } from '../import-errors.ts'
import type { Target } from '../look/target.ts'
import type { Session } from '../session.ts'

/** More than these would only fill the log; the summary has all. */
const NAMED = 10

/**
 * The installed components with an unmanaged layer over them: an import goes green there and nothing changes. The look
 * is a courtesy, so an environment that refuses it stops nothing.
 * @param notChecked gets a line when the environment does not tell
 * @returns undefined when it was not or could not be asked
 */
export async function findLayers(
  { inputs, client, deps }: Session,
  { installed, content }: Target,
  notChecked: string[],
): Promise<readonly SolutionContentRow[] | undefined> {
  const isAsked = inputs.reportLayers !== 'off' || inputs.failOn.includes('layers')
  if (!isAsked || installed === undefined || !installed.isManaged) return undefined
  const rows = await ifTold(client, content, (why) => {
    deps.log.debug(`The layers could not be read: ${why}`)
    notChecked.push('whether unmanaged layers hide what the import brings (the environment does not tell)')
  })
  const layered = rows?.filter(({ hasUnmanagedLayer }) => hasUnmanagedLayer)
  if (layered !== undefined) deps.setOutput('unmanaged-layers', layered.length)
  return layered
}

/**
 * Warns of unmanaged layers.
 * @throws RefusedError with `report-layers: fail`
 */
export function guardLayers(
  { inputs, deps, client }: Session,
  { installed }: Target,
  layered: readonly SolutionContentRow[],
): void {
  if (layered.length === 0 || installed === undefined) return
  const named = layered.slice(0, NAMED).map(layerName).join(', ')
  const words =
    `Components of ${installed.uniqueName} were changed by hand in ${client.environmentUrl} (${layered.length}): ${named}` +
    `${layered.length > NAMED ? ', …' : ''}. Those changes lie over the solution and hide what the import brings. Remove ` +
    "them (Solution layers, Remove unmanaged layer), or import with 'force-overwrite: true'."
  const isStrict = inputs.reportLayers === 'fail' || inputs.failOn.includes('layers')
  if (isStrict && !inputs.forceOverwrite) throw new RefusedError(words)
  deps.log.warning(words)
}

/** A component of the environment, named with its kind. */
export function layerName({ type, name }: SolutionContentRow): string {
  return `${componentTypeName(type)} ${name}`
}
