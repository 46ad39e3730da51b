import { ignorePatterns } from '@dsa/solution-package'
import { type Change, COMPONENT_KINDS, type Level, LEVELS, RULE_IDS } from '@dsa/solution-package/diff'
import { didYouMean, listed } from '@dsa/user-error'
import { entriesOf, itemsOf, membersOf, textOf } from './members.ts'
import { problem, readYaml, type RepositoryFile } from './yaml-file.ts'

/** How a finding of a rule counts. */
const SETTINGS = ['off', ...LEVELS] as const

/** Characters of a pattern. */
const LONGEST = 200

/** What a repository wants to be told, and how. */
export interface Configuration {
  /** By the id of the rule; others have their own level. */
  readonly levels: ReadonlyMap<string, Level | 'off'>
  readonly isIgnored: (change: Pick<Change, 'kind' | 'id'>) => boolean
}

export const NO_CONFIGURATION: Configuration = { levels: new Map(), isIgnored: () => false }

/** @throws UserError with file and line */
export async function readConfiguration(file: RepositoryFile): Promise<Configuration> {
  const members = membersOf(file, await readYaml(file), ['levels', 'ignore'])
  const levels = entriesOf(file, members.get('levels')).map(({ name, at, value }) => {
    if (!RULE_IDS.includes(name))
      throw problem(file, at, `names the rule '${name}', which there is not.${didYouMean(name, RULE_IDS)}`)
    const text = textOf(file, value, `a level of '${name}'`)
    const level = SETTINGS.find((known) => known === text)
    if (level === undefined)
      throw problem(
        file,
        value.at,
        `gives '${name}' the level '${text}'; it takes ${listed(SETTINGS, 'or')}.${didYouMean(text, SETTINGS)}`,
      )
    return [name, level] as const
  })
  const patterns = itemsOf(file, members.get('ignore')).map((item) => {
    const pattern = textOf(file, item, "an entry of 'ignore'")
    const [kind = ''] = pattern.split('/')
    if (!pattern.includes('/') || (kind !== '*' && !COMPONENT_KINDS.some((known) => known === kind)))
      throw problem(
        file,
        item.at,
        `ignores '${pattern}'; an entry is a kind and an id with '/' between them, such as 'web-resource/lin_/lib/**'.${didYouMean(kind, COMPONENT_KINDS)}`,
      )
    // Other wildcards can take longer than a job has, and no id needs them.
    if (/[{}()[\]!+@|\\]/.test(pattern) || pattern.length > LONGEST)
      throw problem(
        file,
        item.at,
        `ignores '${pattern.slice(0, LONGEST)}'; the wildcards are '*', '**' and '?'.`,
      )
    return `/${pattern.toLowerCase()}`
  })
  const isIgnored = ignorePatterns(patterns)
  return { levels: new Map(levels), isIgnored: ({ kind, id }) => isIgnored(`${kind}/${id}`) }
}
