/** An unpacked solution, wherever it lies: paths relative to its folder, with `/`. */
export interface SourceTree {
  /** What a message calls the folder, such as its path. */
  readonly place?: string | undefined
  readonly paths: readonly string[]
  read(path: string): Uint8Array
  /** Whether a file that is not among the paths can be read all the same, when something names it. */
  readonly offers?: ((path: string) => boolean) | undefined
  /** Where the tree was made of files of another format: what these are. */
  readonly made?: MadeOf | undefined
}

/** What a tree was made of. */
export interface MadeOf {
  readonly format: 'yaml'
  /** The file of the folder that a file of the tree was made of, by its path; the first of them, where several were. */
  originOf(path: string): string
  /** What is wrong with the files by the rules of their format, or with what they say of each other. */
  readonly problems: readonly SourceProblem[]
  /**
   * The file that says the version, as it is with another one.
   * @throws SolutionError when it says none
   */
  withVersion(version: string): { readonly path: string; readonly bytes: Uint8Array }
}

/** Something that is wrong with a file before anything is packed. */
export interface SourceProblem {
  /** Id of the rule of verify that tells it. */
  readonly rule: string
  readonly file: string
  readonly message: string
  /** Counted from 1. */
  readonly line?: number
  readonly column?: number
}

/** Files by path, as a map has them. Their bytes may be made when they are asked for, each time anew. */
export interface FileSet {
  keys(): Iterable<string>
  has(path: string): boolean
  get(path: string): Uint8Array | undefined
}
