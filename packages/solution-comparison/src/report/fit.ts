import { byteLength, FOLD_END, foldStart } from './text.ts'
import { AREA_HEAD, type ShownComponent } from './component.ts'

/** A part that opens with a click, of which as much is shown as fits. */
export interface Section {
  /** Text of HTML. */
  readonly title: string
  readonly isOpen: boolean
  readonly components: readonly ShownComponent[]
}

/** What is shown of a solution. Only sections are cut, from the bottom. */
export interface SolutionPage {
  /** Title and counts. */
  readonly head: string
  /** What it does, in full; the second is for when that does not fit. */
  readonly findings: readonly string[]
  readonly diagram: string
  readonly sections: readonly Section[]
  readonly foot: string
}

/** @param count components that are not shown; solutions where a whole one is not */
type LeftOut = (count: number, what: 'component' | 'solution') => string

/**
 * The pages of solutions, one below the other, in a limit of bytes. First every solution has its head and foot, then
 * its findings and its diagram, then components from the top until one does not fit; the rest is counted.
 */
export function fit(pages: readonly SolutionPage[], maxBytes: number, leftOut: LeftOut): string {
  const notice = byteLength(leftOut(1_000_000, 'component'))
  let room = maxBytes - byteLength(leftOut(1_000_000, 'solution'))
  const takes = (text: string): boolean => {
    const bytes = byteLength(text)
    if (bytes > room) return false
    room -= bytes
    return true
  }
  const kept: SolutionPage[] = []
  for (const page of pages) {
    const needs = page.sections.length === 0 ? 0 : notice
    if (room < needs + byteLength(page.head + page.foot)) break
    room -= needs
    takes(page.head + page.foot)
    kept.push(page)
  }
  const findings = kept.map((page) => page.findings.find(takes) ?? '')
  const diagrams = kept.map(({ diagram }) => (takes(diagram) ? diagram : ''))
  let isFull = false
  const shown = kept.map((page, at) => {
    const sections: string[] = []
    let missing = 0
    for (const { title, isOpen, components } of page.sections) {
      const start = foldStart(title, isOpen)
      const parts: ShownComponent[] = []
      for (const part of components) {
        const frame = parts.length === 0 ? `${start}${FOLD_END}\n` : ''
        const head = part.rows !== '' && parts.every(({ rows }) => rows === '') ? AREA_HEAD : ''
        if (!isFull && takes(`${frame}${head}${part.rows}${part.below}`)) parts.push(part)
        else {
          isFull = true
          missing += part.count
        }
      }
      if (parts.length > 0) sections.push(`${start}${bodyOf(parts)}${FOLD_END}`)
    }
    const cut = missing === 0 ? '' : leftOut(missing, 'component')
    return `${page.head}${findings[at] ?? ''}${diagrams[at] ?? ''}${sections.join('')}${cut}${page.foot}`
  })
  const others = pages.length - kept.length
  return `${shown.join('')}${others === 0 ? '' : leftOut(others, 'solution')}`
}

function bodyOf(parts: readonly ShownComponent[]): string {
  const rows = parts.map((part) => part.rows).join('')
  return `${rows === '' ? '' : `${AREA_HEAD}${rows}\n`}${parts.map(({ below }) => below).join('')}`
}
