import { didYouMean, listed } from '@dsa/user-error'
import { incrementVersion, parseVersion, VersionError, versionFromTag, versionSegments } from '../version.ts'

/** What a rule can look at besides the version that is there. */
export interface RunFacts {
  /** The branch or tag that started the workflow, without `refs/…/`. */
  readonly ref?: { readonly type: 'branch' | 'tag' | undefined; readonly name: string }
  /** Counts the runs of a workflow, from 1. */
  readonly runNumber?: string | undefined
  /** Milliseconds since 1970. */
  readonly now?: number
}

/** The next version, from the one that is there. */
export type VersionRule = (present: string, facts: RunFacts) => string

const BY_WORD = {
  ...Object.fromEntries(
    versionSegments.map((segment): [string, VersionRule] => [
      segment,
      (present) => incrementVersion(present, segment),
    ]),
  ),
  'from-tag': fromTag,
  'from-run-number': fromRunNumber,
  'from-date': fromDate,
} satisfies Readonly<Record<string, VersionRule>>

/** The words that raise one number of the version. */
export const RAISING = [...versionSegments] as const

/**
 * What an input for a version means: a version, or one of the words.
 *
 * @param input the name of the input, for messages
 * @param words those that the input takes
 * @throws VersionError for what is neither
 */
export function versionRule(input: string, text: string, words: readonly string[]): VersionRule {
  const rule: VersionRule | undefined = words.includes(text.toLowerCase())
    ? Object.entries(BY_WORD).find(([word]) => word === text.toLowerCase())?.[1]
    : undefined
  if (rule !== undefined) return rule
  try {
    parseVersion(text)
  } catch (cause) {
    if (!(cause instanceof VersionError)) throw cause
    throw new VersionError(
      `Input '${input}': ${cause.message} Or it is ${listed(words, 'or')}.${didYouMean(text, words)}`,
      { cause },
    )
  }
  return () => text
}

function fromTag(_: string, { ref }: RunFacts): string {
  if (ref?.type === 'tag') return versionFromTag(ref.name)
  const started = ref === undefined || ref.name === '' ? 'no tag' : `the ${ref.type ?? 'ref'} '${ref.name}'`
  throw new VersionError(
    `Input 'version' is from-tag, but the workflow was started by ${started}. Run it on the push of a tag such as v1.4.0, or give a version.`,
  )
}

/** `1.4.0.0` in run 57 becomes 1.4.57.0: run numbers of a workflow only grow. */
function fromRunNumber(present: string, { runNumber = '' }: RunFacts): string {
  if (!/^\d+$/.test(runNumber)) {
    throw new VersionError("Input 'version' is from-run-number, but there is no GITHUB_RUN_NUMBER here.")
  }
  return withEnd(present, Number(runNumber), 0)
}

/** `1.4.0.0` on 27 November 2026 at 15:04 UTC becomes 1.4.20261127.1504, below the limit of 2147483647. */
function fromDate(present: string, { now = Date.now() }: RunFacts): string {
  const digits = new Date(now).toISOString().replaceAll(/\D/g, '')
  return withEnd(present, Number(digits.slice(0, 8)), Number(digits.slice(8, 12)))
}

function withEnd(present: string, build: number, revision: number): string {
  const [major = 0, minor = 0] = parseVersion(present)
  const version = [major, minor, build, revision].join('.')
  parseVersion(version)
  return version
}
