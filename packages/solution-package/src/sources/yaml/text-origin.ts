import type { DocumentOrigin, Position, Run } from '../../xml/index.ts'

/** Tells where the elements of a document come from; columns are looked up in the files, since few are asked for. */
export class TextOrigin implements DocumentOrigin {
  readonly #runs: readonly Run[]
  readonly #read: (file: string) => Uint8Array
  /** The first element of each run; made when somebody asks, which nobody does of most documents. */
  #starts: readonly number[] | undefined

  constructor(runs: readonly Run[], read: (file: string) => Uint8Array) {
    this.#runs = runs
    this.#read = read
  }

  fileOf(ordinal: number): string {
    return this.#runs[this.#runOf(ordinal)]?.file ?? ''
  }

  positionOf(ordinal: number): Position {
    const index = this.#runOf(ordinal)
    const run = this.#runs[index]
    const line = run?.lines[ordinal - (this.#startsOfRuns()[index] ?? 0)] ?? 1
    return { line, column: this.#columnOf(run?.file ?? '', line) }
  }

  #runOf(ordinal: number): number {
    const starts = this.#startsOfRuns()
    let index = 0
    for (let low = 0, high = starts.length; low < high;) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= ordinal) {
        index = middle
        low = middle + 1
      } else high = middle
    }
    // An empty run begins where the next one does.
    while ((this.#runs[index]?.lines.length ?? 1) === 0) index--
    return index
  }

  #startsOfRuns(): readonly number[] {
    let start = 0
    this.#starts ??= this.#runs.map(({ lines }) => (start += lines.length) - lines.length)
    return this.#starts
  }

  #columnOf(file: string, line: number): number {
    const text = Buffer.from(this.#read(file)).toString('utf8').split('\n', line)[line - 1] ?? ''
    return (/^(?: |- )*/.exec(text)?.[0].length ?? 0) + 1
  }
}
