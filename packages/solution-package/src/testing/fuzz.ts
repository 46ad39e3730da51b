import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mirrorFolder, openPackage, openZip, unpackSolution, type PackageType } from '../index.ts'
import { rawZip } from './raw-zip.ts'

interface FuzzArchive {
  readonly id: string
  readonly packageType: 'Unmanaged' | 'Managed'
  readonly bytes: Uint8Array
}

export interface FuzzOptions {
  readonly archives: readonly FuzzArchive[]
  readonly seed: number
  readonly runs: number
  /** An empty folder; everything is written below it. */
  readonly folder: string
  /** Milliseconds since 1970 after which no further run begins. */
  readonly deadline: number
}

export interface FuzzReport {
  readonly runs: number
  readonly refused: number
  readonly unpacked: number
  /** What must never happen, each with the number of its run. */
  readonly problems: readonly string[]
  readonly slowestMs: number
}

type Random = () => number

/** Mulberry32: the same seed gives the same archives on every machine. */
function randomFrom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

/** Damage to the bytes of an archive or of a part. */
const damages: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    const changed = new Uint8Array(bytes)
    for (let n = 1 + below(random, 16); n > 0; n--)
      changed[below(random, changed.length)] = below(random, 256)
    return changed
  },
  (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  (bytes, random) => {
    const [from, to] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, random) => {
    const [from, to] = range(bytes, random)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
]

function range(bytes: Uint8Array, random: Random): [number, number] {
  const from = below(random, bytes.length)
  return [from, Math.min(bytes.length, from + 1 + below(random, 400))]
}

const snippets = [
  '<',
  '>',
  '&',
  '"',
  ']]>',
  '<!--',
  '<!DOCTYPE a [',
  '<a>',
  '</a>',
  '&#0;',
  '\u{fffe}',
  '../',
  '\0',
  '<?x',
  '{',
  '',
]

/** Damage to the text of a part: what a hand or a broken merge leaves behind. */
function damageText(bytes: Uint8Array, random: Random): Uint8Array {
  const text = new TextDecoder().decode(bytes)
  const at = below(random, text.length)
  const snippet = snippets[below(random, snippets.length)] ?? ''
  return new TextEncoder().encode(text.slice(0, at) + snippet + text.slice(at + below(random, 40)))
}

const names = [
  '../out.txt',
  '/out.txt',
  'a/../../out.txt',
  'C:/out.txt',
  'a\\..\\out.txt',
  'Entities/con',
  'SOLUTION.XML',
  'x'.repeat(300),
]

/** Damage to one part of the archive, which is then written anew. */
function damageParts(bytes: Uint8Array, random: Random): Uint8Array {
  const entries = openZip(bytes).map((entry) => ({ name: entry.name, content: entry.read() }))
  const documents = entries.filter(({ name }) => name.endsWith('.xml'))
  const pool = random() < 0.8 ? documents : entries
  const chosen = pool[below(random, pool.length)]
  const way = below(random, 10)
  return rawZip(
    entries.flatMap((entry) => {
      if (entry !== chosen) return [entry]
      if (way === 0) return []
      if (way === 1) return [{ ...entry, name: names[below(random, names.length)] ?? '' }]
      const damaged = way < 4 ? damage(entry.content, random) : damageText(entry.content, random)
      return [{ ...entry, content: damaged }]
    }),
  )
}

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  return damages[below(random, damages.length)]?.(bytes, random) ?? bytes
}

/** Errors that say what is wrong; any other is a crash. */
const refusals = new Set(['ZipError', 'XmlError', 'SolutionError', 'FolderError'])

/** Slower than this is a hang. */
const patienceMs = 5_000

/** Unpacks damaged archives into a folder that holds the good one, and looks at what happens to it. */
export function fuzz({ archives, seed, runs, folder, deadline }: FuzzOptions): FuzzReport {
  const random = randomFrom(seed)
  const problems: string[] = []
  let [done, refused, unpacked, slowestMs] = [0, 0, 0, 0]
  writeFileSync(join(folder, 'beside.txt'), 'This file must stay.')
  while (done < runs && Date.now() < deadline) {
    const archive = archives[done % archives.length]
    if (!archive) break
    const target = join(folder, archive.id)
    if (done < archives.length) unpackInto(archive.bytes, archive.packageType, target)
    const mutant = random() < 0.4 ? damage(archive.bytes, random) : damageParts(archive.bytes, random)
    const before = content(target)
    const beside = readdirSync(folder).join('\n')
    const started = performance.now()
    try {
      unpackInto(mutant, archive.packageType, target)
      unpacked += 1
    } catch (error) {
      refused += 1
      const { name, message } = error instanceof Error ? error : { name: 'no error', message: String(error) }
      if (!refusals.has(name) || message.trim() === '')
        problems.push(`run ${done} (${archive.id}): ${name}: ${message}`)
      if (content(target) !== before)
        problems.push(`run ${done} (${archive.id}): the run failed and changed the folder`)
    }
    if (readdirSync(folder).join('\n') !== beside) {
      problems.push(`run ${done} (${archive.id}): something was written outside of the folder`)
    }
    const tookMs = performance.now() - started
    slowestMs = Math.max(slowestMs, tookMs)
    if (tookMs > patienceMs) problems.push(`run ${done} (${archive.id}): took ${Math.round(tookMs)} ms`)
    done += 1
  }
  return { runs: done, refused, unpacked, problems, slowestMs: Math.round(slowestMs) }
}

function unpackInto(bytes: Uint8Array, packageType: PackageType, target: string): void {
  const { files, made } = unpackSolution({ archive: openPackage(openZip(bytes)) }, { packageType })
  mkdirSync(target, { recursive: true })
  mirrorFolder(target, files, { overwrite: true, lineEndings: 'lf', made })
}

/** Each file with size and time of writing. */
function content(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory())
    .map((item) => {
      const path = join(item.parentPath, item.name)
      const { size, mtimeMs } = lstatSync(path)
      return `${path.slice(folder.length + 1)} ${size} ${mtimeMs}`
    })
    .join('\n')
}
