/** An unpacked solution, wherever it lies: paths relative to its folder, with `/`. */
export interface SourceTree {
  readonly paths: readonly string[]
  read(path: string): Uint8Array
}
