import { Minimatch } from 'minimatch'

/**
 * Makes a test from globs, read as in a `.gitignore`: a pattern without a slash counts in every folder, one with a
 * slash from the top, and a folder stands for all below it.
 */
export function ignorePatterns(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const anchored = pattern.replace(/\/+$/, '').includes('/')
    const glob = pattern.replace(/^\/+|\/+$/g, '')
    return new Minimatch(anchored ? glob : `**/${glob}`, { dot: true, nocomment: true, nonegate: true })
  })
  return (path) => matchers.some((matcher) => matcher.match(path))
}
