import { UserError } from '@dsa/user-error'
import { Minimatch } from 'minimatch'
import { parseXml, type XmlElement } from '../xml/index.ts'

/** What a line of a mapping file does. */
type MappingKind = 'FileToFile' | 'FileToPath' | 'Folder'

export interface MappingRule {
  readonly kind: MappingKind
  /** As written, for messages. */
  readonly map: string
  /** Where the files are instead; environment variables are filled in and slashes are `/`. */
  readonly to: string
  readonly line: number
  matches(path: string): boolean
}

export interface Mapping {
  /** How messages call the file. */
  readonly label: string
  readonly rules: readonly MappingRule[]
  /** Lines that were ignored, each with the reason. */
  readonly warnings: readonly string[]
}

/** A file that is no mapping file, or one that leads where it must not. */
export class MappingError extends UserError {
  override readonly name = 'MappingError'
}

const globOptions = { nocase: true, dot: true, nocomment: true, nonegate: true }

/** How each kind compares `map` with a path from the solution folder; a bare name counts in every folder. */
const matchers: Record<MappingKind, (map: string) => (path: string) => boolean> = {
  FileToFile: wholePathOrName,
  FileToPath: wholePathOrName,
  Folder: (map) => {
    const folder = `${map.toLowerCase().replace(/\/+$/, '')}/`
    return (path) => path.toLowerCase().startsWith(folder) && !describesComponent(path)
  },
}

function wholePathOrName(map: string): (path: string) => boolean {
  const glob = new Minimatch(map, globOptions)
  const isPattern = /[*?]/.test(map)
  return (path) =>
    glob.match(map.includes('/') ? path : path.slice(path.lastIndexOf('/') + 1)) &&
    !(isPattern && describesComponent(path))
}

/**
 * The file beside a web resource or an assembly that says what it is comes from the environment, never from a build.
 * A folder or a pattern means the contents; such a file is mapped when a line names it.
 */
function describesComponent(path: string): boolean {
  return /\.data\.xml$/i.test(path)
}

/**
 * Reads a mapping file of SolutionPackager. Backslashes separate on every system here; the reference tool on Linux
 * takes them for letters, so that a file written on Windows maps nothing.
 *
 * @param environment fills in `%NAME%` in the targets
 * @throws XmlError when it is not well-formed, MappingError when it is something else
 */
export function parseMapping(
  bytes: Uint8Array,
  label: string,
  environment: Readonly<Record<string, string | undefined>>,
): Mapping {
  const { root } = parseXml(bytes, label)
  if (!root.is('Mapping')) {
    throw new MappingError(`${label} is no mapping file: its root is <${root.name}> instead of <Mapping>.`)
  }
  const rules: MappingRule[] = []
  const warnings: string[] = []
  for (const element of root.elements()) {
    const { line } = element.position
    const kind = kindOf(element)
    const map = clean(element.attribute('map'))
    const to = clean(element.attribute('to'))
    if (kind === undefined) warnings.push(`${label}, line ${line}: <${element.name}> is unknown and ignored.`)
    else if (map === '' || to === '') {
      warnings.push(`${label}, line ${line}: <${element.name}> lacks 'map' or 'to' and is ignored.`)
    } else {
      const filled = to.replace(/%([^%]+)%/g, (whole, name: string) => environment[name] ?? whole)
      rules.push({ kind, map, to: clean(filled), line, matches: matchers[kind](map) })
    }
  }
  return { label, rules, warnings }
}

function kindOf(element: XmlElement): MappingKind | undefined {
  return (['FileToFile', 'FileToPath', 'Folder'] as const).find((kind) => element.is(kind))
}

function clean(path: string | undefined): string {
  return (path ?? '').trim().replaceAll('\\', '/').replace(/^\.\//, '')
}
