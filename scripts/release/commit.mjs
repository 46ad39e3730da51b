import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Who a release commit is by: the same everywhere, so that the same source gives the same commit. */
const author = { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' }

/**
 * Commits a folder on top of HEAD, beside the branch that is checked out. Nothing of the work tree or of its index
 * changes.
 *
 * @param {string} folder what the commit holds, all of it
 * @param {string} subject
 * @param {string} [repository] the current folder when left out
 * @returns {string} the id of the commit
 */
export function commitFolder(folder, subject, repository = '.') {
  const place = mkdtempSync(join(tmpdir(), 'release-index-'))
  const parent = head(repository)
  const date = git(repository, 'show', '--no-patch', '--format=%cI', parent)
  const env = {
    ...process.env,
    GIT_INDEX_FILE: join(place, 'index'),
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  }
  const run = (...args) => execFileSync('git', ['-C', repository, ...args], { env, encoding: 'utf8' }).trim()
  try {
    // Forced, and by the bytes: what is ignored on the main branch is what a release is made of.
    run('-c', 'core.autocrlf=false', '--work-tree', resolve(folder), 'add', '--force', '--all', '.')
    return run('commit-tree', run('write-tree'), '-p', parent, '-m', subject)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** @returns {string} the id of the commit that is checked out */
export function head(repository = '.') {
  return git(repository, 'rev-parse', 'HEAD')
}

/** @returns {boolean} whether everything that git follows is as HEAD has it */
export function isClean(repository = '.') {
  return git(repository, 'status', '--porcelain', '--untracked-files=no') === ''
}

/** @returns {string[]} the tags that look like `vX.Y.Z` */
export function releasedVersions(repository = '.') {
  const tags = git(repository, 'tag', '--list', 'v*').split('\n')
  return tags.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
}

/** Points a branch or tag at a commit, wherever it pointed before. */
export function moveRef(ref, commit, repository = '.') {
  git(repository, 'update-ref', ref, commit)
}

/**
 * Writes branches and tags to one file, with the commits that another clone of the same commit lacks.
 *
 * @param {string} file
 * @param {string[]} refs whole names, such as `refs/tags/v1`
 */
export function bundle(file, refs, repository = '.') {
  git(repository, 'bundle', 'create', '--quiet', resolve(file), ...refs, '^HEAD')
}

/** How each ref of a release may be pushed: `+` moves what is there. */
const pushed = [
  [/^refs\/heads\/edge$/, '+'],
  [/^refs\/tags\/v\d+$/, '+'],
  [/^refs\/tags\/v\d+\.\d+\.\d+$/, ''],
]

/**
 * Pushes what {@link bundle} wrote, when it is a release of the commit that is checked out and nothing else.
 *
 * @param {string} file
 * @returns {string[]} the refs
 */
export function publish(file, repository = '.') {
  const heads = git(repository, 'bundle', 'list-heads', resolve(file)).split('\n')
  const refspecs = heads.map((line) => {
    const [commit, ref] = line.split(' ')
    const how = pushed.find(([pattern]) => pattern.test(ref))?.[1]
    if (how === undefined) throw new Error(`'${ref}' in ${file} is no part of a release.`)
    return { commit, ref, refspec: `${how}${commit}:${ref}` }
  })
  git(repository, 'fetch', '--quiet', '--no-tags', resolve(file), ...refspecs.map(({ ref }) => ref))
  for (const { commit, ref } of refspecs) {
    if (git(repository, 'rev-parse', `${commit}^@`) !== head(repository)) {
      throw new Error(`'${ref}' in ${file} was not made from the commit that is checked out.`)
    }
  }
  git(repository, 'push', '--quiet', '--atomic', 'origin', ...refspecs.map(({ refspec }) => refspec))
  return refspecs.map(({ ref }) => ref)
}

/**
 * @param {string} tag like `v1.2.3`
 * @param {string[]} released tags that are there already
 * @returns {boolean} whether no later version with the same first number is there, so that `v1` moves to it
 */
export function isLatestOfMajor(tag, released) {
  const [major, minor, patch] = numbers(tag)
  return released.map(numbers).every(([x, y, z]) => x !== major || y < minor || (y === minor && z <= patch))
}

const numbers = (version) => version.slice(1).split('.').map(Number)

function git(repository, ...args) {
  return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim()
}
