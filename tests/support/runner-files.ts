/** What the runner makes of a line such as `::error file=a.xml::Message`. */
export interface Annotation {
  readonly level: string
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

/** The runner's file of outputs: `name<<END`, the value, `END`. */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name = '', , value = ''] of text.matchAll(/^([^\n]+?)<<(\S+)\r?\n(.*?)\r?\n\2$/gms)) {
    outputs[name] = value
  }
  return outputs
}

/** Notices, warnings and errors, in order. */
export function readAnnotations(stdout: string): readonly Annotation[] {
  return [...stdout.matchAll(/^::(notice|warning|error)(?: ([^:]*))?::(.*)$/gm)].map(
    ([, level = '', properties = '', message = '']) => ({
      level,
      message: unescape(message),
      properties: Object.fromEntries(
        properties
          .split(',')
          .filter((property) => property !== '')
          .map((property) => {
            const at = property.indexOf('=')
            return [property.slice(0, at), unescape(property.slice(at + 1))]
          }),
      ),
    }),
  )
}

function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}
