import { manifestElement } from '../sources/xml/solution-xml.ts'
import { SolutionError } from '../solution-error.ts'
import type { SourceTree } from '../source-tree.ts'
import { parseXml, rawBytes, toRaw } from '../xml/index.ts'

const SOLUTION = 'Other/Solution.xml'

/**
 * The file of a source that says the version, as it is with another one.
 *
 * @throws SolutionError when it says none
 */
export function sourceWithVersion(
  tree: SourceTree,
  version: string,
): { readonly path: string; readonly bytes: Uint8Array } {
  return (
    tree.made?.withVersion(version) ?? {
      path: SOLUTION,
      bytes: withVersion(tree.read(SOLUTION), version),
    }
  )
}

/** The file of a source that says the version. */
export function versionFile(tree: SourceTree): string {
  return originOf(tree, SOLUTION)
}

/** The file of the folder that a file of a tree comes from. */
export function originOf(tree: SourceTree, path: string): string {
  return tree.made?.originOf(path) ?? path
}

/**
 * Other/Solution.xml with another version; every other byte stays, line ends and byte order mark included; it becomes
 * UTF-8 where it was in another encoding.
 *
 * @throws SolutionError when it has no Version
 */
export function withVersion(solutionXml: Uint8Array, version: string): Uint8Array {
  const document = parseXml(solutionXml, 'Other/Solution.xml')
  const element = manifestElement(document).element('Version')
  if (!element || element.selfClosed) {
    throw new SolutionError('Other/Solution.xml has no Version to write the new one to.')
  }
  const start = document.end(element.node)
  const end = document.raw.indexOf('</', start)
  const mark = solutionXml[0] === 0xef ? '\u{feff}' : ''
  const before = toRaw(mark) + inUtf8(document.raw.slice(0, start))
  return rawBytes(before + version + document.raw.slice(end))
}

/** A document of another encoding was decoded, and its declaration must not say otherwise. */
function inUtf8(raw: string): string {
  return raw.replace(/^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])(?!utf-8\2)[^"']*\2/i, '$1$2utf-8$2')
}
