import lcid from 'lcid'
import { SolutionError } from '../solution-error.ts'

/** The culture name of a language number: 1033 is `en-US`. A number without one stays a number. */
export function cultureOf(languageCode: number): string {
  return lcid.from(languageCode)?.replaceAll('_', '-') ?? String(languageCode)
}

/**
 * The number of a language that is given as number or culture name.
 *
 * @throws SolutionError when there is no such language
 */
export function languageCodeOf(language: string): number {
  const code = /^\d+$/.test(language) ? Number(language) : codeOfName(language)
  if (code === undefined || lcid.from(code) === undefined) {
    throw new SolutionError(
      `'${language}' is no language. Give a number such as 1033, or a name such as en-US.`,
    )
  }
  return code
}

function codeOfName(name: string): number | undefined {
  const wanted = name.replaceAll('-', '_').toLowerCase()
  return Object.entries(lcid.all).find(([known]) => known.toLowerCase() === wanted)?.[1]
}
