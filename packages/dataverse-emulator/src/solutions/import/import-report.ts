import type { ArchiveContent } from '../archive/content.ts'

/** How the import of one archive went, for the result documents. */
export interface ImportReport {
  readonly content: ArchiveContent
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly stoppedAt: number
  readonly progress: number
  readonly failure?: {
    /** `0x8004801d` */
    readonly code: string
    readonly message: string
    /** The component that is to blame, by schema name; else the manifest is. */
    readonly component?: string
    readonly parameters?: readonly string[]
  }
}
