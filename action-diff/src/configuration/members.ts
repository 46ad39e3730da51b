import { didYouMean, quotedList } from '@dsa/user-error'
import { type Member, problem, type RepositoryFile, type Value } from './yaml-file.ts'

/**
 * The members of a map by name.
 *
 * @param known others are a mistake, but for `$schema`, which editors read
 * @throws UserError with file and line
 */
export function membersOf(
  file: RepositoryFile,
  value: Value | undefined,
  known: readonly string[],
): ReadonlyMap<string, Member> {
  if (value === undefined) return new Map()
  if (value.kind !== 'map')
    throw problem(file, value.at, `holds no names with values; it takes ${quotedList(known)}.`)
  for (const { name, at } of value.members)
    if (!known.includes(name) && name !== '$schema')
      throw problem(file, at, `has '${name}'; it takes ${quotedList(known)}.${didYouMean(name, known)}`)
  return new Map(value.members.map((member) => [member.name, member]))
}

/** Every name with its value, of a map whose names are not fixed. */
export function entriesOf(file: RepositoryFile, member: Member | undefined): readonly Member[] {
  if (member === undefined || isEmpty(member.value)) return []
  if (member.value.kind !== 'map')
    throw problem(file, member.value.at, `gives '${member.name}' something else than names with values.`)
  return member.value.members
}

export function itemsOf(file: RepositoryFile, member: Member | undefined): readonly Value[] {
  if (member === undefined || isEmpty(member.value)) return []
  if (member.value.kind !== 'list')
    throw problem(file, member.value.at, `gives '${member.name}' something else than a list.`)
  return member.value.items
}

/** @param what such as `an entry of 'ignore'` */
export function textOf(file: RepositoryFile, value: Value, what: string): string {
  if (value.kind !== 'text' || value.text.trim() === '')
    throw problem(file, value.at, `has ${what} that is no text.`)
  return value.text.trim()
}

function isEmpty(value: Value): boolean {
  return value.kind === 'text' && value.text === ''
}
