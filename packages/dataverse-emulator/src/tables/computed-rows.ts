import type { Environment } from '../environment.ts'
import { componentCounts, componentSummaries } from '../solutions/layers/component-summaries.ts'
import { dependencyRows } from '../solutions/dependencies/dependencies.ts'
import { layerRows } from '../solutions/layers/layer-rows.ts'
import type { Row } from '../store/row.ts'

/** The rows of the tables that are worked out when they are read. */
export const COMPUTED_ROWS: Readonly<Record<string, (environment: Environment) => readonly Row[]>> = {
  msdyn_componentlayer: layerRows,
  msdyn_solutioncomponentsummary: componentSummaries,
  msdyn_solutioncomponentcountsummary: componentCounts,
  dependency: dependencyRows,
}
