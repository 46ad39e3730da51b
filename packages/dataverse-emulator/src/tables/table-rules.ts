import type { Call } from '../odata/call.ts'
import type { Row } from '../store/row.ts'

/** What a table does beyond holding rows. Each may refuse by throwing an ApiError. */
export interface TableRules {
  /** The row that is stored for the one asked for. */
  readonly create?: (row: Row, call: Call) => Row
  readonly update?: (before: Row, after: Row, call: Call) => Row
  /** Called before the row goes; returns true when it has done all there is to do. */
  readonly remove?: (row: Row, call: Call) => Promise<boolean> | boolean
}
