import { SolutionError } from '../../solution-error.ts'
import type { NotCarried } from '../not-carried.ts'

/**
 * Which archive a file comes from when two are unpacked into one folder (package type Both): `unmanaged` from the
 * unmanaged one only, `each` from either under a name of its own, `managed` from the one that comes last.
 */
export type Side = 'unmanaged' | 'each' | 'managed'

/** What a file is made of, by which two of them are compared before they are made. */
export interface Source {
  /** Of equal texts equal files are made. */
  readonly texts: readonly string[]
  /** Of other texts with the same layout, other files are made for certain; undefined where that cannot be told. */
  readonly layout: string | undefined
}

/** A file that is made when it is asked for, so that a large archive need not be in memory as a whole. */
export interface LazyFile {
  /** What it was made from, for messages. */
  readonly origin: () => string
  /** The file is XML that we wrote; all others are copied as they are. */
  readonly made?: boolean
  readonly source?: () => Source | undefined
  read(): Uint8Array
}

interface Entry {
  readonly file: LazyFile
  readonly pass: number
}

/** The files of a tree, collected from one archive or two. */
export class TreeFiles implements ReadonlyMap<string, Uint8Array> {
  readonly #entries = new Map<string, Entry>()
  readonly #discarded: { readonly path: string; readonly file: LazyFile }[] = []
  readonly #overwritten: { readonly path: string; readonly before: LazyFile; readonly after: LazyFile }[] = []
  readonly #losses: NotCarried[] = []
  #pass = 0
  #takesUnmanaged = true

  /** Begins with an archive. In package type Both a managed one does not give files that are the unmanaged one's. */
  beginArchive(takesUnmanaged: boolean): void {
    this.#pass++
    this.#takesUnmanaged = takesUnmanaged
  }

  add(path: string, side: Side, file: LazyFile): void {
    if (side === 'unmanaged' && !this.#takesUnmanaged) {
      this.#discarded.push({ path, file })
      return
    }
    const before = this.#entries.get(path)
    if (before?.pass === this.#pass) {
      if (!areEqual(before.file, file)) {
        const reason = `${file.origin()} becomes the same file, ${path}, and overwrites it; give one of them another name`
        this.#losses.push({ path: before.file.origin(), reason, kind: 'collision' })
      }
    } else if (before !== undefined) this.#overwritten.push({ path, before: before.file, after: file })
    // What is written again keeps its place in no order that matters: paths are unique.
    this.#entries.set(path, { file, pass: this.#pass })
  }

  /**
   * What files of one archive were lost to those of the other or to a namesake, once all were added.
   * @throws SolutionError when a file has to stand where others need a folder
   */
  finish(): readonly NotCarried[] {
    this.#refuseFilesAsFolders()
    for (const { path, file } of this.#discarded) {
      const kept = this.#entries.get(path)
      if (kept === undefined) {
        const reason = `only the managed archive has it; files like ${path} are taken from the unmanaged one`
        this.#losses.push({ path: file.origin(), reason, kind: 'managed-differs' })
      } else if (!areEqual(kept.file, file)) {
        const reason = `differs from the unmanaged archive, from which ${path} is taken`
        this.#losses.push({ path: file.origin(), reason, kind: 'managed-differs' })
      }
    }
    for (const { path, before, after } of this.#overwritten) {
      if (areEqual(before, after)) continue
      const reason = `differs from the other archive, from which ${path} is taken`
      this.#losses.push({ path: before.origin(), reason, kind: 'unmanaged-overwritten' })
    }
    return this.#losses
  }

  #refuseFilesAsFolders(): void {
    const known = new Set<string>()
    for (const [path, { file }] of this.#entries) {
      for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        const folder = path.slice(0, slash)
        // The folders around it came with it.
        if (known.has(folder)) break
        known.add(folder)
        const blocking = this.#entries.get(folder)
        if (blocking === undefined) continue
        const both = `${blocking.file.origin()} becomes the file ${folder}`
        throw new SolutionError(`${both}, where ${file.origin()} needs a folder; rename one of them`)
      }
    }
  }

  /** Paths of the files that are XML of our own making. */
  get made(): ReadonlySet<string> {
    return new Set([...this.#entries].flatMap(([path, { file }]) => (file.made === true ? [path] : [])))
  }

  /** Passes the XML of our own making through a function when it is asked for. */
  changeMade(change: (bytes: Uint8Array, path: string) => Uint8Array): void {
    for (const [path, { file, pass }] of this.#entries) {
      if (file.made !== true) continue
      this.#entries.set(path, { file: { ...file, read: () => change(file.read(), path) }, pass })
    }
  }

  get size(): number {
    return this.#entries.size
  }

  /** Makes the bytes anew each time. */
  get(path: string): Uint8Array | undefined {
    return this.#entries.get(path)?.file.read()
  }

  has(path: string): boolean {
    return this.#entries.has(path)
  }

  keys(): MapIterator<string> {
    return this.#entries.keys()
  }

  *values(): Generator<Uint8Array, undefined> {
    for (const { file } of this.#entries.values()) yield file.read()
  }

  *entries(): Generator<[string, Uint8Array], undefined> {
    for (const [path, { file }] of this.#entries) yield [path, file.read()]
  }

  [Symbol.iterator](): Generator<[string, Uint8Array], undefined> {
    return this.entries()
  }

  forEach(callback: (bytes: Uint8Array, path: string, map: ReadonlyMap<string, Uint8Array>) => void): void {
    for (const [path, bytes] of this.entries()) callback(bytes, path, this)
  }
}

function areEqual(a: LazyFile, b: LazyFile): boolean {
  const [first, second] = [a.source?.(), b.source?.()]
  if (first !== undefined && second !== undefined) {
    if (haveEqualTexts(first, second)) return true
    if (first.layout !== undefined && first.layout === second.layout) return false
  }
  const [left, right] = [a.read(), b.read()]
  return left.length === right.length && Buffer.compare(left, right) === 0
}

/** One by one: they may be as large as the archive, and need not be copied together. */
function haveEqualTexts({ texts }: Source, { texts: others }: Source): boolean {
  return texts.length === others.length && texts.every((text, i) => text === others[i])
}
