import type { XmlElement } from '../xml/index.ts'

const GUID = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

interface Owner {
  readonly id: string | undefined
  readonly source: string
  readonly path: string
}

/**
 * Finds a file for each component. Dataverse allows several of one name (SLAs, duplicate detection rules, roles), and
 * names that differ by what a path cannot hold; the second and later ones get their id into the name. The same
 * component of a second archive gets the file that it has in the first one.
 */
export class Namesakes {
  /** Which components were given another name than they would have alone. */
  readonly notices: string[] = []
  readonly #owners = new Map<string, Owner[]>()
  #used = new Set<Owner>()

  beginArchive(): void {
    this.#used = new Set()
  }

  /**
   * @param stem the path that its name gives, without the suffix
   * @param suffix what the names of files of its kind end with
   */
  pathOf(stem: string, suffix: string, item: XmlElement): string {
    const owners = this.#owners.get(stem + suffix) ?? []
    this.#owners.set(stem + suffix, owners)
    const id = idOf(item)
    const known = this.#known(owners, id, item.source)
    if (known !== undefined) {
      this.#used.add(known)
      return known.path
    }
    const path = owners.length === 0 ? stem + suffix : `${stem}_${id ?? String(owners.length + 1)}${suffix}`
    const owner = { id, source: item.source, path }
    owners.push(owner)
    this.#used.add(owner)
    if (owners.length > 1) {
      this.notices.push(
        `${item.document.label}, line ${item.position.line}: another <${item.name}> has the name that gives the file ${stem}${suffix}, so this one is in ${path}.`,
      )
    }
    return path
  }

  #known(owners: readonly Owner[], id: string | undefined, source: string): Owner | undefined {
    if (id !== undefined) return owners.find((owner) => owner.id?.toLowerCase() === id.toLowerCase())
    const unnamed = owners.filter((owner) => owner.id === undefined)
    // Without an id, equal ones are one; those of the other archive are told apart by their order.
    return unnamed.find((owner) => owner.source === source) ?? unnamed.find((owner) => !this.#used.has(owner))
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
