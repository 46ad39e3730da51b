import { UserError } from '@dsa/user-error'

/**
 * A branch by its short name, by the rules of git (https://git-scm.com/docs/git-check-ref-format).
 *
 * @param input where the name was given, for the message
 */
export function checkBranchName(input: string, name: string): string {
  const short = name.replace(/^refs\/heads\//, '')
  const isName =
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|[/.]$/u.test(short) &&
    !short.startsWith('-') &&
    short !== '@' &&
    short.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  if (isName && !short.startsWith('refs/')) return short
  throw new UserError(
    `Input '${input}' is '${name}', which git takes as no name of a branch. Use letters, digits, '-', '_', '.' and '/'.`,
  )
}
