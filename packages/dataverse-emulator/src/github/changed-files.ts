import type { Commit } from './git-objects.ts'
import { filesOf, type Repository } from './repository.ts'
import type { GithubCall } from './route.ts'

/** GitHub tells no more files of a comparison. */
const MOST_FILES = 300

/** What differs between two commits, by file. Lines are not counted. */
export function changedFiles(
  { repository, url }: Pick<GithubCall, 'repository' | 'url'>,
  base: Commit,
  head: Commit,
): readonly object[] {
  const html = `https://github.com/${repository.owner}/${repository.name}`
  return differences(repository, base, head).map(({ filename, sha, status }) => {
    const path = filename.split('/').map(encodeURIComponent).join('/')
    return {
      sha,
      filename,
      status,
      additions: 0,
      deletions: 0,
      changes: 0,
      blob_url: `${html}/blob/${head.sha}/${path}`,
      raw_url: `${html}/raw/${head.sha}/${path}`,
      contents_url: `${url}/contents/${path}?ref=${head.sha}`,
    }
  })
}

function differences(repository: Repository, base: Commit, head: Commit) {
  const [before, after] = [filesOf(repository, base), filesOf(repository, head)]
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths
    .flatMap((filename) => {
      const [left, right] = [before.get(filename), after.get(filename)]
      if (left?.sha === right?.sha && left?.mode === right?.mode) return []
      const status = left === undefined ? 'added' : right === undefined ? 'removed' : 'modified'
      return [{ filename, sha: right?.sha ?? left?.sha ?? '', status }]
    })
    .slice(0, MOST_FILES)
}
