import { manifestElement } from './sources/xml/solution-xml.ts'
import { SolutionError } from './solution-error.ts'
import { parseXml, rawBytes, toRaw } from './xml/index.ts'

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
