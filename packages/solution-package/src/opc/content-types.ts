import { decodePartName } from './part-name.ts'
import { parseXml, XmlError, type XmlElement } from '../xml/index.ts'

/** What `[Content_Types].xml` says; a file that it does not cover is no part of the package. */
export interface ContentTypes {
  /** Why a path is hidden, or undefined when it is a part. */
  reasonToHide(path: string): string | undefined
}

/** @returns undefined when the file is no content-types document at all: then nothing of the package exists */
export function readContentTypes(bytes: Uint8Array): ContentTypes | undefined {
  let root: XmlElement
  try {
    root = parseXml(bytes, '[Content_Types].xml').root
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
  // Its elements stand in the namespace of content types, as default or with a prefix.
  const values = (element: string, attribute: string): string[] =>
    root
      .elements()
      .filter(({ name }) => name === element || name.endsWith(`:${element}`))
      .map((item) => (item.attribute(attribute) ?? '').toLowerCase())
  const extensions = new Set(values('Default', 'Extension'))
  const overrides = new Set(values('Override', 'PartName').map((name) => decodePartName(name).toLowerCase()))
  return {
    reasonToHide(path) {
      if (overrides.has(`/${path}`.toLowerCase())) return undefined
      const extension = extensionOf(path)
      if (extension !== undefined && extensions.has(extension.toLowerCase())) return undefined
      return extension === undefined
        ? `[Content_Types].xml has no Override for '/${path}', which has no extension`
        : `[Content_Types].xml lists neither the extension '${extension}' nor '/${path}'`
    },
  }
}

/**
 * Makes the `[Content_Types].xml` of an archive as SolutionPackager 9.1 writes it: xml first, then each new
 * extension in the order of the entries with its own spelling; an Override for a file without an extension.
 *
 * @param paths paths of the other entries, in the order of the archive
 * @param loose those of them that belong to no section; an xml file among them gets an Override as well
 */
export function contentTypes(paths: readonly string[], loose: ReadonlySet<string> = new Set()): Uint8Array {
  const type = 'application/octet-stream'
  const seen = new Set(['xml'])
  const lines = ['<Default ContentType="text/xml" Extension="xml" />']
  for (const path of paths) {
    const extension = extensionOf(path)
    // An extension is no URI, so an escaped one cannot be listed.
    if (extension === undefined || extension.includes('%') || (extension === 'xml' && loose.has(path))) {
      lines.push(`<Override ContentType="${type}" PartName="/${escapeAttribute(path)}" />`)
    } else if (!seen.has(extension)) {
      seen.add(extension)
      lines.push(`<Default ContentType="${type}" Extension="${escapeAttribute(extension)}" />`)
    }
  }
  const root = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${lines.join('')}</Types>`
  return new TextEncoder().encode(`\uFEFF<?xml version="1.0"?>${root}`)
}

function extensionOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot === -1 || dot === name.length - 1 ? undefined : name.slice(dot + 1)
}

function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
