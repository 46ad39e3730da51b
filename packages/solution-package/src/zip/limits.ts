/** What an archive may hold before it is refused as a zip bomb. Every limit is adjustable. */
export interface ZipLimits {
  /** Number of entries, folders included. */
  readonly maxEntries: number
  /** Bytes of one entry after inflating. */
  readonly maxEntryBytes: number
  /** Bytes of all entries after inflating. */
  readonly maxTotalBytes: number
  /** Inflated size divided by compressed size; looked at from `ratioCountsFrom` bytes on. */
  readonly maxRatio: number
}

/**
 * Dataverse itself refuses archives far below these: a real solution of 100 MB has some ten thousand entries
 * and unpacks to less than a gigabyte. Text compresses to a hundredth at best, repeated XML to a thousandth.
 */
export const defaultZipLimits: ZipLimits = {
  maxEntries: 100_000,
  maxEntryBytes: 1024 ** 3,
  maxTotalBytes: 4 * 1024 ** 3,
  maxRatio: 1000,
}

/**
 * Bytes of an entry after inflating up to which its ratio does not count. Pages of blanks or zeros come near to the best
 * ratio that deflate has, 1032, and are honest; but no environment takes a file of 64 MB. A limit that is set lower is
 * meant to be met earlier.
 */
export function ratioCountsFrom(maxRatio: number): number {
  return maxRatio < defaultZipLimits.maxRatio ? 1024 ** 2 : 64 * 1024 ** 2
}
