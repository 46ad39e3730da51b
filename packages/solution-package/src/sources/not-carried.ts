/** Something that the archive holds and the tree does not. */
export interface NotCarried {
  /** Where it stands: a part of the archive, with line and element if it is not the whole part. */
  readonly path: string
  readonly reason: string
  /** Which rule dropped it, for counting. */
  readonly kind: LossKind
}

export type LossKind =
  | 'attribute'
  | 'collision'
  | 'comment'
  | 'content-types'
  | 'element'
  | 'managed-differs'
  | 'text'
  | 'unclaimed-file'
  | 'unmanaged-overwritten'
