import type { JobFaults } from './jobs/job-fault.ts'
import { asText } from './store/value.ts'
import type { Clock } from './clock.ts'
import type { Environment, EnvironmentKind, Settings } from './environment.ts'
import { stableGuid } from './stable-id.ts'
import { createStore } from './store/store.ts'
import { importedTables } from './tables/imported-tables.ts'
import { COMPUTED_ROWS } from './tables/computed-rows.ts'
import { PIPELINE_TABLES } from './tables/pipeline-tables.ts'
import { TABLES } from './tables/index.ts'
import type { Table } from './tables/table.ts'

export interface EnvironmentParts {
  readonly name: string
  readonly kind: EnvironmentKind
  readonly tenantId: string
  readonly clock: Clock
  readonly settings: Settings
  readonly jobFaults: JobFaults
  readonly microsoftSolutions: 'all' | readonly string[]
  /** The app of Power Platform pipelines is there. */
  readonly isPipelinesHost: boolean
}

const BUILT_IN: ReadonlyMap<string, Table> = new Map(TABLES.map((table) => [table.logicalName, table]))
const BUILT_IN_SETS: ReadonlyMap<string, Table> = new Map(TABLES.map((table) => [table.entitySet, table]))

/** An environment without any row yet; `seedBuiltIns` and the seeding of solutions fill it. */
export function createEnvironment(parts: EnvironmentParts): Environment {
  const store = createStore()
  let own: { byName: ReadonlyMap<string, Table>; bySet: ReadonlyMap<string, Table> } | undefined
  const environment: Environment = {
    ...parts,
    organizationId: stableGuid('organization', parts.tenantId, parts.name),
    businessUnitId: stableGuid('business unit', parts.tenantId, parts.name),
    origin: '',
    authority: '',
    store,
    tables: () => [...TABLES, ...imported().byName.values()],
    tableNamed: (logicalName) => BUILT_IN.get(logicalName) ?? imported().byName.get(logicalName),
    tableOfSet: (entitySet) => BUILT_IN_SETS.get(entitySet) ?? imported().bySet.get(entitySet),
    rowsOf: (table) => COMPUTED_ROWS[table.logicalName]?.(environment) ?? store.rows(table.logicalName),
    rowOf(table, key) {
      const computed = COMPUTED_ROWS[table.logicalName]
      return computed === undefined
        ? store.get(table.logicalName, key)
        : computed(environment).find((row) => row[table.primaryKey] === key)
    },
    related(table, row, { table: target, column, through }) {
      const key = row[table.primaryKey]
      const other = environment.tableNamed(target)
      if (other === undefined) return []
      if (through !== undefined) {
        return store
          .filter(through.table, (link) => link[through.own] === key)
          .map((link) => store.get(target, asText(link[through.other])))
          .filter((found) => found !== undefined)
      }
      return column === undefined ? [] : environment.rowsOf(other).filter((item) => item[column] === key)
    },
    forgetTables() {
      own = undefined
    },
  }
  const imported = () => {
    if (own !== undefined) return own
    const brought = importedTables(environment).filter(({ logicalName }) => !BUILT_IN.has(logicalName))
    const tables = parts.isPipelinesHost ? [...PIPELINE_TABLES, ...brought] : brought
    own = {
      byName: new Map(tables.map((table) => [table.logicalName, table])),
      bySet: new Map(tables.map((table) => [table.entitySet, table])),
    }
    return own
  }
  return environment
}
