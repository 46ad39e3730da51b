/** Items of one kind by key. Items are never changed in place, so that saving a shelf is copying its map. */
export interface Shelf<T> {
  all(): readonly T[]
  get(key: string): T | undefined
  put(key: string, item: T): void
  remove(key: string): void
  clear(): void
  count(): number
  /** Remembers the present items; the returned function brings them back, as often as it is called. */
  save(): () => void
}

export function createShelf<T>(): Shelf<T> {
  let items = new Map<string, T>()
  let list: readonly T[] | undefined
  return {
    all: () => (list ??= [...items.values()]),
    get: (key) => items.get(key),
    put(key, item) {
      items.set(key, item)
      list = undefined
    },
    remove(key) {
      if (items.delete(key)) list = undefined
    },
    clear() {
      items.clear()
      list = undefined
    },
    count: () => items.size,
    save() {
      const saved = new Map(items)
      return () => {
        items = new Map(saved)
        list = undefined
      }
    },
  }
}
