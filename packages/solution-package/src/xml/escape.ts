const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const REFERENCE = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g

/** Resolves the references of a checked text. */
function resolveReferences(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(
    REFERENCE,
    (whole, hex: string | undefined, decimal: string | undefined, name: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return NAMED[name] ?? whole
    },
  )
}

export function isPredefinedEntity(name: string): boolean {
  return Object.hasOwn(NAMED, name)
}

/** XML reads every line end as a line feed. */
export function normalizeLineEnds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
}

export function textValue(raw: string): string {
  return resolveReferences(normalizeLineEnds(raw))
}

export function attributeValue(raw: string): string {
  return resolveReferences(/[\t\r\n]/.test(raw) ? raw.replace(/\r\n|[\t\r\n]/g, ' ') : raw)
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** As the .NET writer does: quotes stay, a carriage return becomes the platform's line end, which is a line feed here. */
export function escapeText(value: string): string {
  const text = normalizeLineEnds(value)
  return /[&<>]/.test(text)
    ? text.replace(/[&<>]/g, (character) => TEXT_ESCAPES[character] ?? character)
    : text
}

const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  ...TEXT_ESCAPES,
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** As the .NET writer does, for a value in double quotes. */
export function escapeAttribute(value: string): string {
  if (!/[&<>"\t\n\r]/.test(value)) return value
  return value.replace(/[&<>"\t\n\r]/g, (character) => ATTRIBUTE_ESCAPES[character] ?? character)
}
