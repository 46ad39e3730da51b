/** Where something stands in a document; both count from 1, columns in characters. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A document that is not well-formed, or exceeds a limit. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  /** The file or archive part. */
  readonly label: string
  readonly position: Position | undefined

  constructor(label: string, problem: string, position?: Position, options?: ErrorOptions) {
    const where =
      position === undefined ? label : `${label}, line ${position.line}, column ${position.column}`
    super(`${where}: ${problem}`, options)
    this.label = label
    this.position = position
  }
}

/** Line and column of an offset; counts CRLF, CR and LF as one line end each. */
export function positionAt(text: string, offset: number): Position {
  let line = 1
  let lineStart = 0
  const lineEnd = /\r\n?|\n/g
  for (
    let match = lineEnd.exec(text);
    match !== null && lineEnd.lastIndex <= offset;
    match = lineEnd.exec(text)
  ) {
    line++
    lineStart = lineEnd.lastIndex
  }
  return { line, column: offset - lineStart + 1 }
}
