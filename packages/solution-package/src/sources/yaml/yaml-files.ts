import type { SourceTree } from '../../source-tree.ts'
import { Problems, YAML_RULES } from './problems.ts'
import { readPlatformStyle } from './rule/platform-style.ts'
import type { ElementText } from './rule/element-text.ts'
import { YamlFile } from './yaml-file.ts'

/** How deep the element of a file stands in the document of the tree that it becomes a part of. */
export type LevelOf = (path: string) => number

type ReadAnyStyle = (bytes: Uint8Array, label: string, level: number) => ElementText

/**
 * Reads files as the elements that they hold. The library that knows all of YAML is loaded when a file is not in the
 * style of the platform; what is wrong with a file is a problem, and the file is not among the result.
 */
export async function readYamlFiles(
  source: SourceTree,
  paths: readonly string[],
  levelOf: LevelOf,
  problems: Problems,
): Promise<ReadonlyMap<string, YamlFile>> {
  const read = (path: string): Uint8Array => source.read(path)
  const found = new Map<string, YamlFile>()
  const repeated = new RepeatedTexts()
  let readAnyStyle: ReadAnyStyle | undefined
  for (const path of paths) {
    const bytes = read(path)
    const level = levelOf(path)
    let text = repeated.read(bytes, level)
    if (text === undefined) {
      readAnyStyle ??= (await import('./rule/any-style.ts')).readAnyStyle
      const readAll = readAnyStyle
      text = problems.within(YAML_RULES.notWellFormed, () => readAll(bytes, path, level))
    }
    if (text !== undefined) found.set(path, new YamlFile(path, text, read))
  }
  return found
}

const MOST_BYTES = 4096

/** Reads files of which many say the same: each table has columns like `createdon` to the letter. */
class RepeatedTexts {
  /** By level, then by the bytes. */
  readonly #known: Map<string, ElementText>[] = []

  read(bytes: Uint8Array, level: number): ElementText | undefined {
    if (bytes.length > MOST_BYTES) return readPlatformStyle(bytes, level)
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const ofLevel = (this.#known[level] ??= new Map())
    const known = ofLevel.get(key)
    if (known !== undefined) return known
    const text = readPlatformStyle(bytes, level)
    if (text !== undefined) ofLevel.set(key, text)
    return text
  }
}
