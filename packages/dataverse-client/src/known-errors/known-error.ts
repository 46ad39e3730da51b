/** What an error code of the platform means and what the person who deploys can do about it. */
export interface KnownError {
  /** Lower-case hex of eight digits, such as `0x80048040`. */
  readonly code: string
  /** The name in Microsoft's list of web service error codes, or empty: some codes are seen and not listed. */
  readonly name: string
  readonly means: string
  /** The likely ones, most likely first. */
  readonly causes: readonly string[]
  /** The remedy in one breath, for a log. */
  readonly next: string
  /** The same step by step, where that helps; Markdown with links that count from `docs/`. */
  readonly steps?: readonly string[]
}

/** Codes that have a kind of cause in common. */
export interface KnownErrorGroup {
  readonly title: string
  readonly errors: readonly KnownError[]
}
