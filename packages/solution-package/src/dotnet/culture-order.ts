/**
 * The order of .NET's invariant culture, in which SolutionPackager sorts (observed with 9.1, and with the collation of Mono): `_` and other marks
 * before digits before letters; letters without regard to accents and case, then by accent, then lower case first;
 * hyphen and apostrophe only break ties, or make a value longer at its end. A table of its own, since the collations of ICU differ in hyphens and from
 * version to version.
 */
const MARKS = ' !"#$%&()*,./:;?@[\\]^_`{|}~+<=>'
const LIGHT = "'-"

interface Weights {
  readonly primary: string
  readonly accent: string
  readonly upper: string
}

/** Letters that stand for others; they come after those. */
const LETTERS: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ø: 'o\u0338',
  ł: 'l\u0335',
  đ: 'd\u0335',
}

const known = new Map<string, Weights>()

function weightsOf(character: string): Weights {
  let weights = known.get(character)
  if (weights === undefined) {
    weights = computeWeights(character)
    known.set(character, weights)
  }
  return weights
}

function computeWeights(character: string): Weights {
  const mark = MARKS.indexOf(character)
  if (mark >= 0) return { primary: String.fromCharCode(0x10 + mark), accent: '\u0001', upper: '\u0001' }
  const lower = character.toLowerCase()
  const expanded = (LETTERS[lower] ?? lower).normalize('NFD')
  const primary = expanded.replace(/\p{M}/gu, '')
  const accents = expanded.slice(primary.length)
  const base =
    primary === ''
      ? ''
      : primary.replace(/[^]/g, (unit) => String.fromCharCode(Math.min(unit.charCodeAt(0) + 0x100, 0xffff)))
  return {
    primary: base,
    accent: lower in LETTERS && accents === '' ? '\u0002' : `${accents}\u0001`,
    upper: lower === character ? '\u0001' : '\u0002',
  }
}

/**
 * A text whose order by code units is the culture order of the value. The parts count one after the other: letters,
 * accents, case, and where hyphens and apostrophes stand. At the end of a value those make it longer.
 */
function cultureKey(value: string): string {
  let primary = ''
  let accent = ''
  let upper = ''
  let light = ''
  let waiting = ''
  for (const character of value.normalize('NFC')) {
    if (LIGHT.includes(character)) {
      waiting += character
      continue
    }
    const weights = weightsOf(character)
    primary += weights.primary
    accent += weights.accent
    upper += weights.upper
    light += `${waiting}\u0001`
    waiting = ''
  }
  return `${primary}${'\u0001'.repeat(waiting.length)}\0${accent}\0${upper}\0${light}${waiting}`
}

/** Compares two values in culture order; what is missing comes first. */
export function compareCulture(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  const [left, right] = [cultureKey(a), cultureKey(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Sorts by the first key that differs; equal ones keep their order. */
export function sortByCulture<T>(
  items: readonly T[],
  keys: (item: T) => readonly (string | undefined)[],
): T[] {
  if (items.length < 2) return [...items]
  const keyed = items.map((item): Keyed<T> => ({ item, values: keys(item), keys: [] }))
  keyed.sort((a, b) => {
    for (let i = 0; i < a.values.length; i++) {
      // Most are equal in the first values, as in the type, and need no key for them.
      if (a.values[i] === b.values[i]) continue
      const [key, other] = [keyAt(a, i), keyAt(b, i)]
      if (key !== other) return key < other ? -1 : 1
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}

interface Keyed<T> {
  readonly item: T
  readonly values: readonly (string | undefined)[]
  /** Those that were asked for. */
  readonly keys: string[]
}

function keyAt({ values, keys }: Keyed<unknown>, i: number): string {
  const value = values[i]
  return (keys[i] ??= value === undefined ? '' : `\u0001${cultureKey(value)}`)
}
