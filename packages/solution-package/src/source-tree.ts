/** An unpacked solution, wherever it lies: paths relative to its folder, with `/`. */
export interface SourceTree {
  readonly paths: readonly string[]
  read(path: string): Uint8Array
  /** Whether a file that is not among the paths can be read all the same, when something names it. */
  readonly offers?: ((path: string) => boolean) | undefined
}

/** Files by path, as a map has them. Their bytes may be made when they are asked for, each time anew. */
export interface FileSet {
  keys(): Iterable<string>
  has(path: string): boolean
  get(path: string): Uint8Array | undefined
}
