import { manifestElement } from './sources/xml/solution-xml.ts'
import { SolutionError } from './solution-error.ts'
import { parseXml, rawBytes, toRaw } from './xml/index.ts'

/**
 * Other/Solution.xml with another version; every other byte stays, line ends and byte order mark included.
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
  return rawBytes(toRaw(mark) + document.raw.slice(0, start) + version + document.raw.slice(end))
}
