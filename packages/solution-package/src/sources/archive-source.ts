import { findPart, manifestOf } from '../manifest.ts'
import type { PackageParts } from '../opc/index.ts'
import { parseXml, type XmlDocument } from '../xml/index.ts'
import { sectionIn, type SolutionSource } from '../model/solution-source.ts'

/** Reads the components of an archive, which has all sections in one document. */
export function archiveSource(archive: PackageParts): SolutionSource {
  const documents = new Map<string, XmlDocument>()
  const parse = (name: 'solution.xml' | 'customizations.xml'): XmlDocument => {
    const part = findPart(archive, name)
    const document = documents.get(part) ?? parseXml(archive.read(part), part)
    documents.set(part, document)
    return document
  }
  return {
    get manifest() {
      return manifestOf(parse('solution.xml'))
    },
    get sections() {
      return parse('customizations.xml').root.elements().map(sectionIn)
    },
    folders: {
      paths: archive.parts.flatMap(({ path, topFolder }) => (topFolder === '' ? [] : [path])),
      read: (path) => archive.read(path),
      label: (path) => path,
    },
  }
}
