import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeErrorCode } from '../node-error.ts'

export type LineEndings = 'auto' | 'lf' | 'crlf'

const lineFeed = 0x0a
const carriageReturn = 0x0d

export interface LineEndingRule {
  /** Tells the rule what a file of the engine's holds now. */
  note(path: string, present: Uint8Array): void
  of(path: string): 'lf' | 'crlf'
}

/**
 * Says how to end the lines of a file that the engine makes. SolutionPackager ends them as its system does, so a
 * repository that was filled on Windows has CRLF; `auto` keeps what each file has now, and gives a new file what
 * `Other/Solution.xml` has, or else what most files have.
 */
export function lineEndingRule(
  folder: string,
  choice: LineEndings,
  ofNewFolder: 'lf' | 'crlf' = 'lf',
): LineEndingRule {
  if (choice !== 'auto') return { note: () => undefined, of: () => choice }
  const ofFolder = endingOfFile(join(folder, 'Other/Solution.xml'))
  const noted = new Map<string, 'lf' | 'crlf'>()
  /** Of a folder without Other/Solution.xml, how many more files have CRLF. */
  let lean = 0
  return {
    note(path, present) {
      const ending = endingOf(present)
      if (ending === undefined) return
      noted.set(path, ending)
      lean += ending === 'crlf' ? 1 : -1
    },
    of: (path) => noted.get(path) ?? ofFolder ?? (lean === 0 ? ofNewFolder : lean > 0 ? 'crlf' : 'lf'),
  }
}

function endingOfFile(file: string): 'lf' | 'crlf' | undefined {
  try {
    return endingOf(readFileSync(file))
  } catch (error) {
    if (nodeErrorCode(error) === undefined) throw error
    // What cannot be read is reported where it is to be written.
    return undefined
  }
}

function endingOf(bytes: Uint8Array): 'lf' | 'crlf' | undefined {
  const end = bytes.indexOf(lineFeed)
  if (end === -1) return undefined
  return bytes[end - 1] === carriageReturn ? 'crlf' : 'lf'
}

/** @param bytes UTF-8 with line feeds only */
export function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1
  const result = new Uint8Array(bytes.length + count)
  let to = 0
  let from = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    result.set(bytes.subarray(from, at), to)
    to += at - from
    result[to] = carriageReturn
    result[to + 1] = lineFeed
    to += 2
    from = at + 1
  }
  result.set(bytes.subarray(from), to)
  return result
}
