import type { Row, Value } from '../../store/row.ts'

/** One layer of one component: what one managed solution, or the unmanaged `Active` layer, makes of it. */
export interface Layer {
  readonly component: string
  readonly solution: string
  readonly typeName: string
  readonly objectId: string
  readonly schemaName: string
  readonly displayName: string
  readonly parent: string | null
  /** Layers lie in the order of installation, `Active` above all. */
  readonly sequence: number
  readonly attributes: Readonly<Record<string, Value>>
  readonly overwrittenOn: string
  /** When an import wrote it. */
  readonly changedOn: string
  readonly publisher: string
  /** Unmanaged changes are drafts until they are published. */
  readonly published: boolean
  readonly root: boolean
  readonly behavior: number
  readonly row: { readonly table: string; readonly values: Row } | null
}

export const ACTIVE = 'Active'
