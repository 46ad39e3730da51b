import { membersOf, itemsOf, textOf } from './members.ts'
import { type Position, problem, readYaml, type RepositoryFile } from './yaml-file.ts'

/** A finding that a person has looked at and accepts. */
export interface Acceptance {
  readonly fingerprint: string
  readonly reason: string
  /** The last day on which it counts, such as `2027-01-31`. */
  readonly until?: string
  readonly at: Position
}

/** @throws UserError with file and line */
export async function readAcceptances(file: RepositoryFile): Promise<readonly Acceptance[]> {
  const accepted = membersOf(file, await readYaml(file), ['accepted']).get('accepted')
  const seen = new Map<string, number>()
  return itemsOf(file, accepted).map((item): Acceptance => {
    const members = membersOf(file, item, ['fingerprint', 'reason', 'until'])
    const textAt = (name: string): string => {
      const member = members.get(name)
      if (member === undefined) throw problem(file, item.at, `accepts a finding without '${name}'.`)
      return textOf(file, member.value, `'${name}'`)
    }
    const fingerprint = textAt('fingerprint').toLowerCase()
    if (!/^[\da-f]{12}$/.test(fingerprint))
      throw problem(
        file,
        item.at,
        `accepts '${fingerprint}'; a fingerprint has 12 digits from 0 to f, as the report writes it.`,
      )
    const before = seen.get(fingerprint)
    if (before !== undefined)
      throw problem(file, item.at, `accepts '${fingerprint}' again; see line ${before}.`)
    seen.set(fingerprint, item.at.line)
    const reason = textAt('reason')
    if (!members.has('until')) return { fingerprint, reason, at: item.at }
    const until = textAt('until')
    if (!isDay(until))
      throw problem(file, item.at, `has '${until}' as 'until'; it takes a day such as 2027-01-31.`)
    return { fingerprint, reason, until, at: item.at }
  })
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
