import type { DocumentOrigin, RawText, XmlElement } from '../../xml/index.ts'

/** Elements that follow each other in a document and come from one file, by their lines in it. */
interface Run {
  readonly file: string
  readonly lines: readonly number[]
}

/** XML that was put together from several files, with where each of its elements comes from. */
export interface SourcedText {
  readonly raw: RawText
  readonly runs: readonly Run[]
}

/** XML of our own around what files hold; its elements count as those of a file. */
export function around(raw: RawText, elements: number, file: string, line = 1): SourcedText {
  return { raw, runs: elements === 0 ? [] : [{ file, lines: Array.from({ length: elements }, () => line) }] }
}

export function joined(texts: readonly SourcedText[]): SourcedText {
  return { raw: texts.map(({ raw }) => raw).join(''), runs: texts.flatMap(({ runs }) => runs) }
}

/** What becomes of a piece of an element; an empty piece is a place to put something in. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  readonly fromElement: number
  readonly toElement: number
  readonly text: SourcedText
}

/** Puts something behind an element. */
export function after({ document, node }: XmlElement, text: SourcedText): TextEdit {
  const [at, element] = [document.nodes.closes[node] ?? 0, document.ordinalOf(document.next(node))]
  return { from: at, to: at, fromElement: element, toElement: element, text }
}

/** Puts something before all that an element holds; one that is written `<a />` is opened for it. */
export function within(element: XmlElement, indentation: string, text: SourcedText): TextEdit {
  const { document, node } = element
  const [ordinal, end] = [document.ordinalOf(node) + 1, document.end(node)]
  if (!element.selfClosed) return { from: end, to: end, fromElement: ordinal, toElement: ordinal, text }
  const close = around(`${indentation}</${document.rawNameOf(node)}>`, 0, '')
  return {
    from: end - ' />'.length,
    to: end,
    fromElement: ordinal,
    toElement: ordinal,
    text: joined([around('>', 0, ''), text, close]),
  }
}

/** Puts something in the place of an element. */
export function insteadOf({ document, node }: XmlElement, text: SourcedText): TextEdit {
  return {
    from: document.start(node),
    to: document.nodes.closes[node] ?? 0,
    fromElement: document.ordinalOf(node),
    toElement: document.ordinalOf(document.next(node)),
    text,
  }
}

/**
 * An element with edits, in the order of their places.
 * @param lines of the elements of its document
 */
export function edited(
  element: XmlElement,
  file: string,
  lines: readonly number[],
  edits: readonly TextEdit[],
): SourcedText {
  const { document, node } = element
  const texts: SourcedText[] = []
  let [at, ordinal] = [document.start(node), document.ordinalOf(node)]
  const copy = (to: number, toElement: number): void => {
    texts.push({ raw: document.raw.slice(at, to), runs: [{ file, lines: lines.slice(ordinal, toElement) }] })
  }
  for (const { from, to, fromElement, toElement, text } of edits) {
    copy(from, fromElement)
    texts.push(text)
    at = to
    ordinal = toElement
  }
  copy(document.nodes.closes[node] ?? 0, document.ordinalOf(document.next(node)))
  return joined(texts)
}

/** Tells where the elements of a text come from; columns are looked up in the files, since few are asked for. */
export class TextOrigin implements DocumentOrigin {
  readonly #runs: readonly Run[]
  readonly #starts: readonly number[]
  readonly #read: (file: string) => Uint8Array

  constructor(runs: readonly Run[], read: (file: string) => Uint8Array) {
    this.#runs = runs
    this.#read = read
    let start = 0
    this.#starts = runs.map(({ lines }) => {
      const own = start
      start += lines.length
      return own
    })
  }

  placeOf(ordinal: number): ReturnType<DocumentOrigin['placeOf']> {
    let index = 0
    for (let low = 0, high = this.#starts.length; low < high;) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= ordinal) {
        index = middle
        low = middle + 1
      } else high = middle
    }
    // An empty run begins where the next one does.
    while ((this.#runs[index]?.lines.length ?? 1) === 0) index--
    const run = this.#runs[index]
    const line = run?.lines[ordinal - (this.#starts[index] ?? 0)] ?? 1
    return { file: run?.file ?? '', position: { line, column: this.#columnOf(run?.file ?? '', line) } }
  }

  #columnOf(file: string, line: number): number {
    const text = Buffer.from(this.#read(file)).toString('utf8').split('\n', line)[line - 1] ?? ''
    return (/^(?: |- )*/.exec(text)?.[0].length ?? 0) + 1
  }
}
