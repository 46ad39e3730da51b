/** What a document may demand of us; real solutions stay far below: none seen is deeper than 22. */
export interface XmlLimits {
  /** Elements within elements. */
  readonly depth: number
  /** Characters of one attribute value. */
  readonly attributeLength: number
  /** Characters that internal entities may add to a document. */
  readonly entityExpansion: number
}

export const DEFAULT_LIMITS: XmlLimits = {
  depth: 256,
  attributeLength: 10_000_000,
  entityExpansion: 1_000_000,
}
