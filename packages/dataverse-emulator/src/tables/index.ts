import { COMPONENT_TABLES } from './component-tables.ts'
import { COMPUTED_TABLES } from './computed-tables.ts'
import { JOB_TABLES } from './job-tables.ts'
import { SAMPLE_DATA_TABLES } from './sample-data-tables.ts'
import { SECURITY_TABLES } from './security-tables.ts'
import { SOLUTION_TABLES } from './solution-tables.ts'
import type { Table } from './table.ts'

/** Every table that an environment serves before a solution brings its own. */
export const TABLES: readonly Table[] = [
  ...SOLUTION_TABLES,
  ...JOB_TABLES,
  ...COMPONENT_TABLES,
  ...COMPUTED_TABLES,
  ...SECURITY_TABLES,
  ...SAMPLE_DATA_TABLES,
]
