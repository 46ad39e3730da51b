import { openPackage, type PackageParts } from './opc/index.ts'
import { openZip, ZipError } from './zip/index.ts'

/** An archive is asked for what it holds; one within it is looked into when it is no larger than this. */
const MOST_INNER_ARCHIVES = 50

interface Entry {
  readonly name: string
  read(): Uint8Array
}

/** Says what an archive without solution.xml is instead, and which file to give; empty when it is nothing known. */
export function whatArchiveHolds({ parts, lost }: PackageParts): string {
  const entries: readonly Entry[] = [
    ...parts.map((part) => ({ name: part.path, read: () => part.read() })),
    ...lost,
  ]
  const inner = entries
    .filter(({ name }) => /\.zip$/i.test(name))
    .slice(0, MOST_INNER_ARCHIVES)
    .filter(isSolution)
  if (inner.length === 1) return `It holds '${inner[0]?.name}', which is a solution archive: give that file.`
  if (inner.length > 1)
    return `It holds the solution archives ${inner.map(({ name }) => `'${name}'`).join(' and ')}: give one of them.`
  const source = entries.find(({ name }) => /(?:^|\/)Other\/Solution\.xml$/i.test(name))
  if (source !== undefined)
    return `It holds an unpacked solution ('${source.name}'): pack that folder with action-pack, and give the archive that it writes.`
  const below = entries.find(({ name }) => /\/solution\.xml$/i.test(name))
  if (below === undefined) return ''
  const folder = below.name.slice(0, below.name.lastIndexOf('/'))
  return `solution.xml lies in '${folder}/': this is an archive of the unzipped folder. Give the archive that was exported; what it holds stands at its root.`
}

function isSolution(entry: Entry): boolean {
  try {
    return openPackage(openZip(entry.read())).find('solution.xml') !== undefined
  } catch (error) {
    if (error instanceof ZipError) return false
    throw error
  }
}
