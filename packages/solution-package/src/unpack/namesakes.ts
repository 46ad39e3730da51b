import type { XmlElement } from '../xml/index.ts'

const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

/** The components of one path. */
class Owners {
  /** The first one, while it is the only one: then nothing but its name matters, and it is not looked into. */
  only: XmlElement | undefined
  /** Paths by the ids of their components, in lower case. */
  readonly byId = new Map<string, string>()
  /** Paths of those without an id, by what stands in the archive. */
  readonly bySource = new Map<string, string>()
  /** Of those without an id that an earlier archive had, what this one has not taken yet. */
  left: Iterator<string> = [].values()
  archive = 0

  get size(): number {
    return this.byId.size + this.bySource.size
  }

  add(item: XmlElement, path: string): void {
    this.only = undefined
    const id = idOf(item)?.toLowerCase()
    if (id === undefined) this.bySource.set(item.source, path)
    else this.byId.set(id, path)
  }
}

/**
 * Finds a file for each component. Dataverse allows several of one name (SLAs, duplicate detection rules, roles), and
 * names that differ by what a path cannot hold; the second and later ones get their id into the name. The same
 * component of a second archive gets the file that it has in the first one.
 */
export class Namesakes {
  /** Which components were given another name than they would have alone. */
  readonly notices: string[] = []
  readonly #owners = new Map<string, Owners>()
  readonly #taken = new Set<string>()
  #used = new Set<string>()
  #archive = 0

  beginArchive(): void {
    this.#used = new Set()
    this.#archive++
  }

  /**
   * @param stem the path that its name gives, without the suffix
   * @param suffix what the names of files of its kind end with
   */
  pathOf(stem: string, suffix: string, item: XmlElement): string {
    const plain = stem + suffix
    const owners = this.#owners.get(plain) ?? new Owners()
    this.#owners.set(plain, owners)
    if (!this.#taken.has(plain)) {
      owners.only = item
      this.#taken.add(plain)
      this.#used.add(plain)
      return plain
    }
    if (owners.only !== undefined) owners.add(owners.only, plain)
    const id = idOf(item)
    const known =
      id === undefined ? this.#knownBySource(owners, item.source) : owners.byId.get(id.toLowerCase())
    const path = known ?? this.#newPath(stem, suffix, id ?? String(owners.size + 1))
    this.#used.add(path)
    if (known !== undefined) return known
    owners.add(item, path)
    if (path !== plain) {
      this.notices.push(
        `${item.file}, line ${item.position.line}: another <${item.name}> has the name that gives the file ${plain}, so this one is in ${path}.`,
      )
    }
    return path
  }

  /** The first that nobody has: `NAME`, `NAME_ID`, and, where that is itself a name, `NAME_ID_2` and so on. */
  #newPath(stem: string, suffix: string, mark: string): string {
    let path = stem + suffix
    for (let n = 1; this.#taken.has(path); n++) path = `${stem}_${mark}${n === 1 ? '' : `_${n}`}${suffix}`
    this.#taken.add(path)
    return path
  }

  /** Without an id, equal ones are one; those of the other archive are told apart by their order. */
  #knownBySource(owners: Owners, source: string): string | undefined {
    const same = owners.bySource.get(source)
    if (same !== undefined) return same
    if (owners.archive !== this.#archive) {
      owners.archive = this.#archive
      owners.left = [...owners.bySource.values()].values()
    }
    for (let next = owners.left.next(); next.done !== true; next = owners.left.next())
      if (!this.#used.has(next.value)) return next.value
    return undefined
  }
}

/** The id of a component, which is a GUID under a name of its own: that of its element before others. */
function idOf(item: XmlElement): string | undefined {
  const values = [
    ...item.attributes.map(({ name, value }) => ({ name, value })),
    ...item.elements().map((child) => ({ name: child.name, value: child.text.trim() })),
  ].filter(({ name, value }) => /id$/i.test(name) && GUID.test(value))
  const own = `${item.name}id`.toLowerCase()
  return (values.find(({ name }) => name.toLowerCase() === own || name.toLowerCase() === 'id') ?? values[0])
    ?.value
}
