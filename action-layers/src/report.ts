import type { Cell, Summary } from '@dsa/action-kit'
import { componentInWords } from '@dsa/connected-action'
import type { DataverseClient, SolutionContentRow } from '@dsa/dataverse-client'
import { componentTypeName } from '@dsa/solution-package'
import { counted } from '@dsa/user-error'
import type { FoundLayer } from './found-layer.ts'
import type { LooseComponent, UnmanagedSolution } from './whole-environment.ts'

/** What is unmanaged after a run; it is tracked to zero. */
export interface Unmanaged {
  readonly layers: readonly FoundLayer[]
  readonly removed: readonly FoundLayer[]
  readonly unmanaged: readonly UnmanagedSolution[]
  readonly loose: readonly LooseComponent[]
}

/** How much of it is left. */
export function openIn({ layers, unmanaged, loose }: Unmanaged): number {
  return layers.length + unmanaged.length + loose.length
}

/** `2 unmanaged layers, 1 unmanaged solution and …`, without those that there are none of. */
export function openInWords({ layers, unmanaged, loose }: Unmanaged): readonly string[] {
  return [
    ...(layers.length === 0 ? [] : [counted(layers.length, 'unmanaged layer')]),
    ...(unmanaged.length === 0 ? [] : [counted(unmanaged.length, 'unmanaged solution')]),
    ...(loose.length === 0 ? [] : [`${counted(loose.length, 'component')} of no solution`]),
  ]
}

/** The report as a workflow keeps it; `schemas/report.schema.json` describes it. */
export function reportOf(environmentUrl: string, found: Unmanaged): object {
  const { layers, removed, unmanaged, loose } = found
  return {
    schema: 'dataverse-unmanaged-layers/1',
    environmentUrl,
    open: openIn(found),
    layers: layers.map(layerJson),
    removed: removed.map(layerJson),
    unmanagedSolutions: unmanaged.map(({ step, solution, patchOf, components, needs }) => ({
      step,
      uniqueName: solution.uniqueName,
      version: solution.version,
      ...(patchOf !== undefined && { patchOf }),
      needs,
      components: components.map(componentJson),
    })),
    looseComponents: loose.map(({ row, parts, neededBy }) => ({ ...componentJson(row), parts, neededBy })),
  }
}

function layerJson({ solution, typeName, objectId, row, changes, changedBy, changedOn }: FoundLayer): object {
  return { solution, type: typeName, name: row.name, id: objectId, changedBy, changedOn, changes }
}

function componentJson({ type, name, table, objectId }: SolutionContentRow): object {
  return {
    type: componentTypeName(type),
    name: table === '' ? name : `${table}.${name}`,
    id: objectId,
  }
}

/** More rows of a table are for the report. */
const ROWS = 200

export function summarize(
  found: Unmanaged,
  { environmentUrl }: Pick<DataverseClient, 'environmentUrl'>,
  summary: Summary,
): void {
  const { layers, removed, unmanaged, loose } = found
  const host = new URL(environmentUrl).host
  const open = openInWords(found)
  summary.outcome(
    open.length > 0 ? 'warned' : removed.length > 0 ? 'done' : 'checked',
    open.length > 0 ? `Unmanaged in ${host}` : `Nothing is unmanaged in ${host}`,
    [...open, ...(removed.length === 0 ? [] : [`${counted(removed.length, 'layer')} removed`])],
  )
  if (unmanaged.length + loose.length > 0)
    summary.text({
      text: 'From unmanaged to managed, in this order: components of no solution are put into one, then solution by solution, then the layers.',
      page: 'docs/unmanaged-to-managed.md',
    })
  section(
    summary,
    'Components of no solution',
    ['Component', 'Parts', 'Needed by'],
    loose.map(({ row, parts, neededBy }) => [
      componentInWords(row),
      parts === 0 ? '' : parts,
      neededBy.join(', '),
    ]),
  )
  section(
    summary,
    'Unmanaged solutions',
    ['Step', 'Solution', 'Version', 'Components', 'Needs before it'],
    unmanaged.map(({ step, solution, components, needs, patchOf }) => [
      step,
      solution.uniqueName,
      solution.version,
      components.length,
      needs
        .map(
          (need) =>
            `${need.solution} (${need.components.length === 0 ? `patches ${patchOf ?? ''}` : shortList(need.components)})`,
        )
        .join('; '),
    ]),
  )
  const circles = circlesIn(unmanaged)
  if (circles.length > 0)
    summary.list(
      circles.map(
        (names) =>
          `${names.join(', ')} need each other. Migrate them together, or move what they share into a solution of its own.`,
      ),
    )
  for (const [title, rows] of [
    ['Changed by hand', layers],
    ['Removed', removed],
  ] as const)
    section(
      summary,
      title,
      ['Component', 'Solution', 'Who', 'When', 'What'],
      rows.map(({ words, solution, changedBy, changedOn, changes }) => [
        words,
        solution,
        changedBy,
        changedOn.slice(0, 10),
        changes.join('; '),
      ]),
    )
}

function section(
  summary: Summary,
  title: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  if (rows.length === 0) return
  summary.heading(`${title} (${rows.length})`)
  summary.table(header, rows.slice(0, ROWS))
  if (rows.length > ROWS)
    summary.text(`And ${rows.length - ROWS} more, which the report has ('report-file').`)
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

/** The names of solutions that share a step. */
function circlesIn(unmanaged: readonly UnmanagedSolution[]): readonly (readonly string[])[] {
  return [...new Set(unmanaged.map(({ step }) => step))]
    .map((step) => unmanaged.filter((one) => one.step === step).map(({ solution }) => solution.uniqueName))
    .filter(({ length }) => length > 1)
}
