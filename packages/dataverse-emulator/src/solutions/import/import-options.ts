/** One row of `ComponentParameters`: a connection for a reference, or a value for a variable. */
export interface ComponentParameter {
  readonly table: string
  readonly values: Readonly<Record<string, unknown>>
}

export interface ImportOptions {
  /** Installs `<name>_Upgrade` beside the base. */
  readonly holding: boolean
  /** Single-step upgrade: stage and apply in one. */
  readonly upgrade: boolean
  readonly overwriteUnmanaged: boolean
  readonly publishWorkflows: boolean
  readonly skipProductUpdates: boolean
  readonly parameters: readonly ComponentParameter[]
}
