import type { ConnectedDeps } from '@dsa/connected-action'
import type { DataverseClient, Solution } from '@dsa/dataverse-client'
import { counted } from '@dsa/user-error'
import type { FoundLayer } from './found-layer.ts'

/** The report as a workflow keeps it; it is tracked to zero. */
export function reportOf(
  environmentUrl: string,
  left: readonly FoundLayer[],
  removed: readonly FoundLayer[],
  unmanaged: readonly Solution[],
): object {
  return {
    schema: 'dataverse-unmanaged-layers/1',
    environmentUrl,
    layers: left.map(layerJson),
    removed: removed.map(layerJson),
    unmanagedSolutions: unmanaged.map(({ uniqueName, version }) => ({ uniqueName, version })),
  }
}

function layerJson({ solution, typeName, objectId, row, changes, changedBy, changedOn }: FoundLayer): object {
  return { solution, type: typeName, name: row.name, id: objectId, changedBy, changedOn, changes }
}

export function summarize(
  left: readonly FoundLayer[],
  removed: readonly FoundLayer[],
  unmanaged: readonly Solution[],
  { environmentUrl }: DataverseClient,
  { summary }: Pick<ConnectedDeps, 'summary'>,
): void {
  const open = left.length + unmanaged.length
  summary.outcome(
    open > 0 ? 'warned' : removed.length > 0 ? 'done' : 'checked',
    `${counted(left.length, 'unmanaged layer')} in ${new URL(environmentUrl).host}`,
    [
      ...(removed.length === 0 ? [] : [`${removed.length} removed`]),
      ...(unmanaged.length === 0 ? [] : [counted(unmanaged.length, 'unmanaged solution')]),
    ],
  )
  for (const [title, layers] of [
    ['Changed by hand', left],
    ['Removed', removed],
  ] as const) {
    if (layers.length === 0) continue
    summary.heading(`${title} (${layers.length})`)
    summary.table(
      ['Component', 'Solution', 'Who', 'When', 'What'],
      layers.map(({ words, solution, changedBy, changedOn, changes }) => [
        words,
        solution,
        changedBy,
        changedOn.slice(0, 10),
        changes.join('; '),
      ]),
    )
  }
  if (unmanaged.length > 0) {
    summary.heading(`Unmanaged solutions (${unmanaged.length})`)
    summary.list(unmanaged.map(({ uniqueName, version }) => `${uniqueName} ${version}`))
    summary.text({
      text: 'From unmanaged to managed, solution by solution:',
      page: 'docs/unmanaged-to-managed.md',
    })
  }
}
