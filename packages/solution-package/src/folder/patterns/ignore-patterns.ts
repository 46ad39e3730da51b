import { Minimatch } from 'minimatch'
import { parentsOf } from '../parents.ts'

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
  if (matchers.length === 0) return () => false
  return (path) => [...parentsOf(path), path].some((part) => matchers.some((matcher) => matcher.match(part)))
}
