import { COMPONENT_OPERATIONS } from './components.ts'
import { DEPENDENCY_OPERATIONS } from './dependencies.ts'
import { EXPORT_OPERATIONS } from './exports.ts'
import { FILE_OPERATIONS } from './files.ts'
import { IDENTITY_OPERATIONS } from './identity.ts'
import { IMPORT_OPERATIONS } from './imports.ts'
import { RECORD_OPERATIONS } from './records.ts'
import type { Operation } from './operation.ts'

/** Every action and function that is served, by its name, which is case-sensitive. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    ...IDENTITY_OPERATIONS,
    ...IMPORT_OPERATIONS,
    ...EXPORT_OPERATIONS,
    ...DEPENDENCY_OPERATIONS,
    ...COMPONENT_OPERATIONS,
    ...FILE_OPERATIONS,
    ...RECORD_OPERATIONS,
  ].map((operation) => [operation.name, operation]),
)
