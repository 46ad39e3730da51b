import { isUtf8 } from 'node:buffer'
import { nodeErrorCode } from '../node-error.ts'
import { rawBytes, type RawText, toRaw } from './raw-text.ts'
import { XmlError } from './xml-error.ts'

const DECLARED = /^<\?xml\s[^>]*?\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/

/** The text of a document, and its bytes, which are UTF-8. */
export interface Decoded {
  readonly raw: RawText
  readonly bytes: Uint8Array
}

/**
 * Turns the bytes of a document into text: UTF-8 and UTF-16 by their marks, anything else by its declaration.
 * @throws XmlError when the bytes are not in the encoding that they claim
 */
export function decodeXml(bytes: Uint8Array, label: string): Decoded {
  const marked = markOf(bytes)
  if (marked !== undefined) return rawAs(marked.encoding, bytes.subarray(marked.length), label)
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1')
  const declared = DECLARED.exec(head)
  const encoding = (declared?.[1] ?? declared?.[2] ?? 'utf-8').toLowerCase()
  if (/^(utf-?16|ucs-?2|iso-10646-ucs-2|unicode)/.test(encoding)) {
    throw new XmlError(label, `declares ${encoding}, but its bytes are not UTF-16`)
  }
  return rawAs(encoding, bytes, label)
}

function markOf(bytes: Uint8Array): { encoding: string; length: number } | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', length: 2 }
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return { encoding: 'utf-16le', length: 0 }
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return { encoding: 'utf-16be', length: 0 }
  return undefined
}

// The decoder of the platform reads these labels as Windows-1252, which differs from 0x80 to 0x9f.
const LATIN_1 = new Set(['iso-8859-1', 'iso8859-1', 'iso_8859-1', 'latin1', 'latin-1', 'l1', 'cp819'])
const ASCII = new Set(['us-ascii', 'ascii'])

/** What is UTF-8 already need not be decoded to be checked. */
function rawAs(encoding: string, bytes: Uint8Array, label: string): Decoded {
  const isGiven = (encoding === 'utf-8' || ASCII.has(encoding)) && isUtf8(bytes)
  return isGiven
    ? { raw: decodeAs('iso-8859-1', bytes, label), bytes }
    : encoded(decodeAs(encoding, bytes, label))
}

export function encoded(text: string): Decoded {
  const raw = toRaw(text)
  return { raw, bytes: rawBytes(raw) }
}

function decodeAs(encoding: string, bytes: Uint8Array, label: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (LATIN_1.has(encoding)) return buffer.toString('latin1')
    const decoder = new TextDecoder(ASCII.has(encoding) ? 'utf-8' : encoding, {
      fatal: true,
      ignoreBOM: true,
    })
    return decoder.decode(buffer)
  } catch (cause) {
    const code = nodeErrorCode(cause)
    if (code === 'ERR_ENCODING_NOT_SUPPORTED') {
      throw new XmlError(label, `declares the unknown encoding '${encoding}'; use utf-8`, undefined, {
        cause,
      })
    }
    if (code === 'ERR_STRING_TOO_LONG') {
      throw new XmlError(label, `has ${bytes.byteLength} bytes, more than a text can have here`, undefined, {
        cause,
      })
    }
    throw new XmlError(label, `has bytes that are not valid ${encoding}`, undefined, { cause })
  }
}

/**
 * Reads a file that is UTF-8 text, with or without byte order mark.
 * @throws XmlError when it is not
 */
export function decodeText(bytes: Uint8Array, label: string): string {
  return decodeAs('utf-8', markOf(bytes)?.encoding === 'utf-8' ? bytes.subarray(3) : bytes, label)
}
