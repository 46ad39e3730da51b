const INDENTATIONS: string[] = []

/** A line feed, and the indentation of an element at a level. */
export function indented(level: number): string {
  return (INDENTATIONS[level] ??= `\n${'  '.repeat(level)}`)
}
