import { FolderError } from './folder-error.ts'
import { parentsOf } from './parents.ts'

/** What a system demands of a path; the limits are those of its file system calls. */
interface PathRules {
  readonly forbiddenCharacters: ReadonlySet<string>
  readonly forbiddenNames: RegExp | undefined
  /** Longest path component: bytes of UTF-8, on Windows UTF-16 units. */
  readonly componentLength: (component: string) => number
  readonly maxPathBytes: number
  readonly ignoresCase: boolean
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

const controls = Array.from({ length: 32 }, (_, code) => String.fromCodePoint(code))
const windowsCharacters = new Set(['<', '>', ':', '"', '|', '?', '*', '\\', ...controls])
/** Device names, with any extension, and a dot or a space at the end, which Windows silently drops. */
const windowsNames = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$|[. ]$/iu

/** Git's own folder, whose hooks would be run; on Windows also under its short name. */
const gitFolder = /^(?:\.git|git~\d+)$/i

const posix: PathRules = {
  forbiddenCharacters: new Set(['\0']),
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
  const seen = new Map<string, string>()
  const folders = new Map<string, string>()
  for (const path of paths) {
    const refuse = (why: string): FolderError =>
      new FolderError(`The file "${path}" cannot be written: ${why}.`)
    const components = path.split('/')
    for (const component of components) {
      if (component === '' || component === '.' || component === '..')
        throw refuse('its path leaves the folder or has an empty part')
      const bad = component.split('').find((character) => rules.forbiddenCharacters.has(character))
      if (bad !== undefined)
        throw refuse(`this system does not allow ${JSON.stringify(bad)} in the name of a file`)
      if (rules.forbiddenNames?.test(component))
        throw refuse(`this system does not allow the name "${component}"`)
      if (gitFolder.test(component)) throw refuse('it reaches into a .git folder')
      if (rules.componentLength(component) > 255)
        throw refuse(`"${component.slice(0, 40)}…" is longer than 255, the limit of file systems`)
    }
    if (bytesOf(folder) + 1 + bytesOf(path) > rules.maxPathBytes) {
      throw refuse(
        `with its folder it is longer than ${rules.maxPathBytes} bytes, the limit of this system; use a folder nearer to the root`,
      )
    }
    const fold = (text: string): string => (rules.ignoresCase ? text.normalize('NFC').toLowerCase() : text)
    const other = seen.get(fold(path))
    if (other !== undefined) throw refuse(`"${other}" is the same file on this system, which ignores case`)
    seen.set(fold(path), path)
    for (const parent of parentsOf(path)) folders.set(fold(parent), path)
  }
  for (const [folded, path] of seen) {
    const below = folders.get(folded)
    if (below !== undefined)
      throw new FolderError(`"${path}" cannot be a file: "${below}" needs a folder of that name.`)
  }
}
