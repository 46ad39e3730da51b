import type { SourceTree } from '../../source-tree.ts'
import { writeZip } from '../../zip/index.ts'

/** The file of a canvas app is an archive, which Git integration keeps as a folder of the same name without this. */
const ENDING = '.msapp'

/** The folder that a file is kept as; undefined where it is kept as a file, or not at all. */
export function explodedFolder(path: string, paths: readonly string[]): string | undefined {
  if (!path.toLowerCase().endsWith(ENDING)) return undefined
  const folder = `${path.slice(0, -ENDING.length)}/`
  return paths.some((file) => file.startsWith(folder)) ? folder : undefined
}

/** What stands first in an archive that the editor of apps writes. */
const FIRST = ['Header.json', 'Properties.json']

/**
 * Makes the file of an app of its folder: the entries as they are, their names with backslashes as the editor of apps
 * writes them, at a fixed time. The bytes are not those of the archive that the folder was made of, which nobody can
 * make again; the entries are.
 */
export async function archiveOfApp(source: SourceTree, folder: string): Promise<Uint8Array> {
  const names = source.paths
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
  return writeZip(
    names.map((name) => ({ path: name.replaceAll('/', '\\'), bytes: source.read(folder + name) })),
  )
}

function placeOf(name: string): number {
  const place = FIRST.indexOf(name)
  return place < 0 ? FIRST.length : place
}
