import { escapeText } from '../xml/escape.ts'
import { parseXml } from '../xml/index.ts'

interface ResourceEntry {
  readonly key: string
  readonly value: string
  readonly comment: string
}

export interface ResourceFile {
  readonly languageCode: number
  /** Name of the archive that the texts come from. */
  readonly sourceFile: string
  readonly packageType: string
  readonly entries: readonly ResourceEntry[]
}

/** The schema that every .resx of the reference tool begins with; readers ignore it, comparisons do not. */
const schema = `  <xsd:schema id="root" xmlns="" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
    <xsd:import namespace="http://www.w3.org/XML/1998/namespace" />
    <xsd:element name="root" msdata:IsDataSet="true">
      <xsd:complexType>
        <xsd:choice maxOccurs="unbounded">
          <xsd:element name="metadata">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" />
              </xsd:sequence>
              <xsd:attribute name="name" use="required" type="xsd:string" />
              <xsd:attribute name="type" type="xsd:string" />
              <xsd:attribute name="mimetype" type="xsd:string" />
              <xsd:attribute ref="xml:space" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="assembly">
            <xsd:complexType>
              <xsd:attribute name="alias" type="xsd:string" />
              <xsd:attribute name="name" type="xsd:string" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="data">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" msdata:Ordinal="1" />
                <xsd:element name="comment" type="xsd:string" minOccurs="0" msdata:Ordinal="2" />
              </xsd:sequence>
              <xsd:attribute name="name" type="xsd:string" use="required" msdata:Ordinal="1" />
              <xsd:attribute name="type" type="xsd:string" msdata:Ordinal="3" />
              <xsd:attribute name="mimetype" type="xsd:string" msdata:Ordinal="4" />
              <xsd:attribute ref="xml:space" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="resheader">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" msdata:Ordinal="1" />
              </xsd:sequence>
              <xsd:attribute name="name" type="xsd:string" use="required" />
            </xsd:complexType>
          </xsd:element>
        </xsd:choice>
      </xsd:complexType>
    </xsd:element>
  </xsd:schema>
`

const formsAssembly =
  'System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089'

const headers: readonly (readonly [string, string])[] = [
  ['resmimetype', 'text/microsoft-resx'],
  ['version', '2.0'],
  ['reader', `System.Resources.ResXResourceReader, ${formsAssembly}`],
  ['writer', `System.Resources.ResXResourceWriter, ${formsAssembly}`],
]

/** The version 9.0.0.0 as the reference tool stores it: a serialized .NET object. */
const versionObject =
  'AAEAAAD/////AQAAAAAAAAAEAQAAAA5TeXN0ZW0uVmVyc2lvbgQAAAAGX01ham9yBl9NaW5vcgZfQnVpbGQJX1JldmlzaW9uAAAAAAgICAgJAAAAAAAAAAAAAAAAAAAACw=='

/** Writes a .resx file as SolutionPackager 9.1 does. */
export function writeResx({ languageCode, sourceFile, packageType, entries }: ResourceFile): Uint8Array {
  const preserved = 'xml:space="preserve"'
  const text = [
    '\u{feff}<?xml version="1.0" encoding="utf-8"?>\n<root>\n',
    schema,
    ...headers.map(([name, value]) => item('resheader', name, '', [['value', value]])),
    item('metadata', 'Source LCID', preserved, [['value', String(languageCode)]]),
    item('metadata', 'Source file', preserved, [['value', sourceFile]]),
    item('metadata', 'Source package type', preserved, [['value', packageType]]),
    item(
      'metadata',
      'SolutionPackager Version',
      'mimetype="application/x-microsoft.net.object.binary.base64"',
      [['value', versionObject]],
    ),
    item('metadata', 'SolutionPackager Version String', preserved, [['value', '9.0.0.0']]),
    ...entries.map(({ key, value, comment }) =>
      item('data', key, preserved, [
        ['value', value],
        ['comment', comment],
      ]),
    ),
    '</root>',
  ]
  return new TextEncoder().encode(text.join(''))
}

function item(
  element: string,
  name: string,
  attributes: string,
  children: readonly (readonly [string, string])[],
): string {
  const lines = children.map(([child, value]) =>
    value === '' ? `    <${child} />\n` : `    <${child}>${escapeText(value)}</${child}>\n`,
  )
  const quoted = escapeText(name).replaceAll('"', '&quot;')
  return `  <${element} name="${quoted}"${attributes === '' ? '' : ` ${attributes}`}>\n${lines.join('')}  </${element}>\n`
}

/**
 * The texts of a .resx file, in its order; one that is empty is not translated.
 *
 * @throws XmlError when it is not well-formed
 */
export function readResx(bytes: Uint8Array, label: string): readonly ResourceEntry[] {
  return parseXml(bytes, label)
    .root.elements('data')
    .map((data) => ({
      key: data.attribute('name') ?? '',
      value: data.element('value')?.text ?? '',
      comment: data.element('comment')?.text ?? '',
    }))
}
