import { FolderError } from './folder-error.ts'

/** What a system demands of a path; the limits are those of its file system calls. */
interface PathRules {
  readonly forbiddenCharacters: RegExp
  readonly forbiddenNames: RegExp | undefined
  /** Longest path component: bytes of UTF-8, on Windows UTF-16 units. */
  readonly componentLength: (component: string) => number
  readonly maxPathBytes: number
  readonly ignoresCase: boolean
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

const windowsCharacters = new RegExp(String.raw`[<>:"|?*\\\0-\x1f]`)
/** Device names, with any extension, and a dot or a space at the end, which Windows silently drops. */
const windowsNames = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?$|[. ]$/iu

const unseen = String.raw`[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]`

/**
 * Git's own folder, whose hooks would be run. On Windows it has a short name as well, and the file system of a Mac does
 * not see some characters (the list is that of Git's `core.protectHFS`); a tree may be checked out on either.
 */
export const gitFolder = new RegExp(
  `^(?:${['\\.', 'g', 'i', 't'].map((letter) => `${unseen}*${letter}`).join('')}${unseen}*|git~\\d+)$`,
  'i',
)

const posix: PathRules = {
  forbiddenCharacters: /\0/,
  forbiddenNames: undefined,
  componentLength: bytesOf,
  maxPathBytes: 4095,
  ignoresCase: false,
}

const rulesBySystem: Partial<Record<NodeJS.Platform, PathRules>> = {
  darwin: { ...posix, maxPathBytes: 1023, ignoresCase: true },
  win32: {
    forbiddenCharacters: windowsCharacters,
    forbiddenNames: windowsNames,
    componentLength: (component) => component.length,
    // Node adds the prefix that lifts the old limit of 260.
    maxPathBytes: 32_000,
    ignoresCase: true,
  },
}

/**
 * Checks every path of a tree before the first one is written.
 *
 * @param folder absolute path of the folder that they will lie in
 * @throws FolderError for a path that leaves the folder, that this system cannot store, or that would overwrite
 * another one here; a name that only another system forbids is good here
 */
export function checkPaths(
  folder: string,
  paths: Iterable<string>,
  platform: NodeJS.Platform = process.platform,
): void {
  const rules = rulesBySystem[platform] ?? posix
  const fold = (text: string): string => (rules.ignoresCase ? text.normalize('NFC').toLowerCase() : text)
  const folderBytes = bytesOf(folder)
  const reasonFor = reasonsToRefuse(rules)
  const seen = new Map<string, string>()
  const folders = new Map<string, string>()
  for (const path of paths) {
    const refuse = (why: string): FolderError =>
      new FolderError(`The file '${path}' cannot be written: ${why}.`)
    const why = reasonFor(path)
    if (why !== undefined) throw refuse(why)
    if (folderBytes + 1 + bytesOf(path) > rules.maxPathBytes) {
      throw refuse(
        `with its folder it is longer than ${rules.maxPathBytes} bytes, the limit of this system; use a folder nearer to the root`,
      )
    }
    const folded = fold(path)
    const other = seen.get(folded)
    if (other !== undefined) throw refuse(`'${other}' is the same file on this system, which ignores case`)
    seen.set(folded, path)
    for (let end = folded.lastIndexOf('/'); end > 0; end = folded.lastIndexOf('/', end - 1)) {
      const parent = folded.slice(0, end)
      // Its own parents came with it.
      if (folders.has(parent)) break
      folders.set(parent, path)
    }
  }
  for (const [folded, path] of seen) {
    const below = folders.get(folded)
    if (below !== undefined)
      throw new FolderError(`'${path}' cannot be a file: '${below}' needs a folder of that name.`)
  }
}

/**
 * What keeps a folder from being checked out on Windows, each with the paths that do.
 *
 * @returns sentences; none where every system can hold the paths
 */
export function troubleOnWindows(paths: Iterable<string>): readonly string[] {
  const rules = rulesBySystem.win32
  if (rules === undefined) return []
  const refused: string[] = []
  const reasonFor = reasonsToRefuse(rules)
  const byFolded = new Map<string, string[]>()
  for (const path of paths) {
    if (reasonFor(path) !== undefined) refused.push(path)
    const folded = path.normalize('NFC').toLowerCase()
    const same = byFolded.get(folded)
    if (same === undefined) byFolded.set(folded, [path])
    else same.push(path)
  }
  const twins = [...byFolded.values()].filter((same) => same.length > 1).map((same) => same.join(' and '))
  return [
    ...(refused.length === 0 ? [] : [`Windows cannot hold the names of these files: ${refused.join(', ')}.`]),
    ...(twins.length === 0
      ? []
      : [`These files are one on Windows and macOS, which ignore case: ${twins.join('; ')}.`]),
  ]
}

/** Says what a system has against a path, for many one after the other: those of a folder mostly stand together. */
function reasonsToRefuse(rules: PathRules): (path: string) => string | undefined {
  const good = new Set<string>()
  let folder = ''
  return (path) => {
    const isBelow = path.startsWith(folder)
    for (const name of (isBelow ? path.slice(folder.length) : path).split('/')) {
      if (good.has(name)) continue
      const why = reasonToRefuse(name, rules)
      if (why !== undefined) return why
      good.add(name)
    }
    if (!isBelow || path.includes('/', folder.length)) folder = path.slice(0, path.lastIndexOf('/') + 1)
    return undefined
  }
}

function reasonToRefuse(component: string, rules: PathRules): string | undefined {
  if (component === '' || component === '.' || component === '..')
    return 'its path leaves the folder or has an empty part'
  const [bad] = rules.forbiddenCharacters.exec(component) ?? []
  if (bad !== undefined) return `this system does not allow ${JSON.stringify(bad)} in the name of a file`
  if (rules.forbiddenNames?.test(component) === true)
    return `this system does not allow the name '${component}'`
  if (gitFolder.test(component)) return 'it reaches into a .git folder'
  if (rules.componentLength(component) > 255)
    return `"${component.slice(0, 40)}…" is longer than 255, the limit of file systems`
  return undefined
}
