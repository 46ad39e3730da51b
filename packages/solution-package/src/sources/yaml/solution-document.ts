import type { SourceTree } from '../../source-tree.ts'
import { YAML_RULES, type Problems } from './problems.ts'
import { indented } from './indentation.ts'
import { after, DocumentBuilder, insteadOf, type TextEdit } from '../../xml/index.ts'
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
export function solutionDocument(files: ManifestFiles, problems: Problems): DocumentBuilder | undefined {
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
    edits.push(
      insteadOf(managed, (into) =>
        into.leaf('<Managed>', '2', '</Managed>', solution.path, managed.position.line),
      ),
    )
  const publisher = manifest.element('Publisher')
  if (publisher === undefined)
    problems.at(YAML_RULES.manifest, manifest, '<SolutionManifest> has no element Publisher')
  else {
    const of = files.publisher?.copied
    if (of !== undefined) edits.push(insteadOf(publisher, (into) => into.copy(of)))
  }
  const last = manifest.elements().at(-1)
  if (last !== undefined)
    edits.push(
      after(last, (into) => {
        for (const file of [files.rootComponents, files.missingDependencies]) {
          if (file === undefined) continue
          into.layout(indented(2))
          into.copy(file.copied)
        }
      }),
    )
  const document = new DocumentBuilder()
  document.copyEdited(solution.copied, edits)
  return document
}

const VERSION = /^(\s*Version:[ \t]*)(?:'[^'\r\n]*'|"[^"\r\n]*"|[^\s'"#][^\r\n#]*?)([ \t]*\r?)$/m

/** `solution.yml` with another version; every other byte stays. Undefined where none is found. */
export function withYamlVersion(source: SourceTree, path: string, version: string): Uint8Array | undefined {
  const text = Buffer.from(source.read(path)).toString('utf8')
  return VERSION.test(text) ? Buffer.from(text.replace(VERSION, `$1${version}$2`)) : undefined
}
