import { parse } from '@humanwhocodes/momoa'

/** Why a text is no JSON; line and column count from 1 and are where reading ended. */
export interface JsonProblem {
  readonly reason: string
  readonly line?: number
  readonly column?: number
}

/** What is wrong with a text that has to be JSON; undefined when nothing is. A byte order mark before it is accepted. */
export function jsonProblem(bytes: Uint8Array): JsonProblem | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { reason: isUtf16 ? 'it is UTF-16; save it as UTF-8' : 'its bytes are no UTF-8' }
  }
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return placeOf(text) ?? { reason: error instanceof Error ? error.message : String(error) }
  }
}

/** `JSON.parse` decides; its messages name no line, so a parser that knows lines looks for the place. */
function placeOf(text: string): JsonProblem | undefined {
  try {
    parse(text)
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'line' in error && 'column' in error)) return undefined
    const { line, column } = error
    if (typeof line !== 'number' || typeof column !== 'number') return undefined
    const reason = error.message.replace(/\.? \(\d+:\d+\)$/, '')
    return { reason: reason.charAt(0).toLowerCase() + reason.slice(1), line, column }
  }
}
