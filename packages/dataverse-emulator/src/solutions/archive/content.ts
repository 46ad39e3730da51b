import type { Row, Value } from '../../store/row.ts'

/** A component as an archive defines it. */
export interface Component {
  /** The same in every environment: `Entity:lin_order`, `SystemForm:<guid>`. */
  readonly key: string
  /** `Entity`, `Attribute`, `SystemForm`, …; newer component tables by their logical name. */
  readonly typeName: string
  readonly objectId: string
  readonly schemaName: string
  readonly displayName: string
  /** The component that it belongs to: a column's table, a form's table. */
  readonly parent?: string
  readonly root: boolean
  readonly behavior: number
  /** What the definition says, as far as it is understood, and a digest of all of it. */
  readonly attributes: Readonly<Record<string, Value>>
  /** The table whose rows such components are, and the row that this one becomes. */
  readonly row?: { readonly table: string; readonly values: Row }
}

/** One end of a dependency, by the attributes that solution.xml gives it. */
export type DependencyEnd = Readonly<Record<string, string>>

export interface MissingDependency {
  readonly required: DependencyEnd
  readonly dependent: DependencyEnd
}

export interface PublisherContent {
  readonly uniqueName: string
  readonly friendlyName: string
  readonly description: string
  readonly prefix: string
  readonly optionPrefix: number
  readonly email: string | null
  readonly website: string | null
}

/** What a solution archive says. */
export interface ArchiveContent {
  /** The archive itself. */
  readonly bytes: Uint8Array
  readonly uniqueName: string
  readonly friendlyName: string
  readonly description: string
  readonly version: string
  readonly managed: boolean
  readonly languageCode: string
  readonly packageVersion: string
  readonly publisher: PublisherContent
  readonly components: readonly Component[]
  readonly missingDependencies: readonly MissingDependency[]
}

/** `Orders_Patch_1a2b3c4d` is a patch of `Orders`. */
export function patchedSolution(uniqueName: string): string | undefined {
  return /^(.+)_Patch_[0-9a-z]+$/i.exec(uniqueName)?.[1]
}
