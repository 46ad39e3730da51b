export { declarationsOf, isDeclaration } from './declarations.ts'
export {
  type DocumentOrigin,
  parseMade,
  parseXml,
  XmlDocument,
  XmlElement,
  type XmlAttribute,
} from './document.ts'
export type { Position } from './line-positions.ts'
export {
  after,
  DocumentBuilder,
  type CopiedElement,
  insteadOf,
  type Run,
  type TextEdit,
  withAttribute,
  within,
} from './document-builder.ts'
export { ElementBuilder } from './element-builder.ts'
export type { Tape } from './tape.ts'
export { XmlError } from './xml-error.ts'
export { XmlWriter, type Edits, type Replacement } from './writer.ts'
export { rawBytes, toRaw, type RawText } from './raw-text.ts'
export { decodeText } from './decode.ts'
export { isName, isXmlText } from './characters.ts'
