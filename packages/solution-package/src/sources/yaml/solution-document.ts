import type { SourceTree } from '../../source-tree.ts'
import { YAML_RULES, type Problems } from './problems.ts'
import { indented } from './indentation.ts'
import { after, around, edited, insteadOf, joined, type SourcedText, type TextEdit } from './sourced-text.ts'
import type { YamlFile } from './yaml-file.ts'

/** The documents that solution.xml of an archive is made of. */
export interface ManifestFiles {
  readonly solution: YamlFile | undefined
  readonly rootComponents: YamlFile | undefined
  readonly missingDependencies: YamlFile | undefined
  readonly publisher: YamlFile | undefined
}

/**
 * Puts solution.xml together. What it is packed as is decided when it is packed, so it counts as one of both.
 * @returns undefined where what cannot be done without is missing, which is a problem
 */
export function solutionDocument(files: ManifestFiles, problems: Problems): SourcedText | undefined {
  const { solution } = files
  if (solution === undefined) return undefined
  const root = solution.element
  const manifest = root.element('SolutionManifest')
  if (manifest === undefined) {
    problems.at(YAML_RULES.manifest, root, `<${root.name}> has no element SolutionManifest`)
    return undefined
  }
  const edits: TextEdit[] = []
  const managed = manifest.element('Managed')
  if (managed === undefined)
    problems.at(YAML_RULES.manifest, manifest, '<SolutionManifest> has no element Managed')
  else if (managed.text.trim() !== '0')
    problems.at(
      YAML_RULES.manifest,
      managed,
      `<Managed> is '${managed.text}'; YAML source is unmanaged, 0, and is packed as either`,
    )
  if (managed !== undefined)
    edits.push(insteadOf(managed, around('<Managed>2</Managed>', 1, solution.path, managed.position.line)))
  const publisher = manifest.element('Publisher')
  if (publisher === undefined)
    problems.at(YAML_RULES.manifest, manifest, '<SolutionManifest> has no element Publisher')
  else if (files.publisher !== undefined) edits.push(insteadOf(publisher, whole(files.publisher)))
  const last = manifest.elements().at(-1)
  const lists = [files.rootComponents, files.missingDependencies].flatMap((file) =>
    file === undefined ? [] : [around(indented(2), 0, ''), whole(file)],
  )
  if (last !== undefined) edits.push(after(last, joined(lists)))
  return edited(root, solution.path, solution.lines, edits)
}

export function whole({ text, path }: YamlFile): SourcedText {
  return { raw: text.xml, runs: [{ file: path, lines: text.lines }] }
}

const VERSION = /^(\s*Version:[ \t]*)(?:'[^'\r\n]*'|"[^"\r\n]*"|[^\s'"#][^\r\n#]*?)([ \t]*\r?)$/m

/** `solution.yml` with another version; every other byte stays. Undefined where none is found. */
export function withYamlVersion(source: SourceTree, path: string, version: string): Uint8Array | undefined {
  const text = Buffer.from(source.read(path)).toString('utf8')
  return VERSION.test(text) ? Buffer.from(text.replace(VERSION, `$1${version}$2`)) : undefined
}
