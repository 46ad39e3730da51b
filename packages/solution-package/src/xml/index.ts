export { parseXml, XmlDocument, XmlElement, type XmlAttribute } from './document.ts'
export { positionAt, XmlError, type Position } from './xml-error.ts'
export type { XmlLimits } from './limits.ts'
export { XmlWriter, type Edits, type Replacement } from './writer.ts'
