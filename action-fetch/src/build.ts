/** A file of a build, not on disk yet. */
export interface BuildFile {
  /** Its name where it comes from, with `/` between folders. Not checked: it may be hostile. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  read(): Promise<Uint8Array>
}

/** What a pipeline made, wherever it is kept. */
export interface Build {
  /** What it is called in messages, such as `the artifact 'LindenOrders-managed'`. */
  readonly source: string
  /** Tag of the release that it is. */
  readonly release?: string
  readonly files: readonly BuildFile[]
}

/** Dataverse takes archives of 128 MB at most; a build may hold several. */
export const MAX_BYTES = 1024 ** 3
