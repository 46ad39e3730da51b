import { fileURLToPath } from 'node:url'
import { readFolder } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'

const sample = fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url))

/** The sample solution, as text to be edited. */
export class EditedSample {
  readonly #files: Map<string, string | Uint8Array>

  constructor() {
    const tree = readFolder(sample)
    this.#files = new Map(
      tree.paths.map((path) => {
        const bytes = tree.read(path)
        return [
          path,
          /\.(?:xml|json|js)$/.test(path)
            ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
            : bytes,
        ]
      }),
    )
  }

  /** Replaces in all files whose paths fit; an edit that changes nothing is a mistake of the test. */
  replace(at: RegExp, from: RegExp | string, to: string): this {
    const found = [...this.#files].filter(
      (entry): entry is [string, string] => at.test(entry[0]) && typeof entry[1] === 'string',
    )
    const changed = found.filter(([path, text]) => {
      const now = text.replace(from, to)
      this.#files.set(path, now)
      return now !== text
    })
    if (changed.length === 0) throw new Error(`Nothing fits ${from} in ${at}.`)
    return this
  }

  add(path: string, text: string): this {
    this.#files.set(path, text)
    return this
  }

  remove(at: RegExp): this {
    for (const path of this.#files.keys()) if (at.test(path)) this.#files.delete(path)
    return this
  }

  /** Copies files to other names, with other text. */
  copy(at: RegExp, change: (text: string) => string): this {
    const copies = [...this.#files].flatMap(([path, text]) =>
      at.test(path) && typeof text === 'string' ? [[change(path), change(text)] as const] : [],
    )
    for (const [path, text] of copies) this.#files.set(path, text)
    return this
  }

  tree(): ComparedTree {
    const encoder = new TextEncoder()
    const bytes = new Map(
      [...this.#files].map(([path, text]) => [path, typeof text === 'string' ? encoder.encode(text) : text]),
    )
    return {
      paths: [...bytes.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
      read: (path) => bytes.get(path) ?? new Uint8Array(),
    }
  }
}
