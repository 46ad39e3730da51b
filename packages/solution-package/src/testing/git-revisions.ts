import { execFileSync } from 'node:child_process'
import { Commit, openRepository } from '../../../solution-comparison/src/index.ts'
import type { ComparedTree } from '../diff/side.ts'

/** A repository to which trees are committed, and read from again. */
export interface Revisions {
  of(trees: readonly [ComparedTree, ComparedTree]): readonly [ComparedTree, ComparedTree]
}

/** @param folder an empty one */
export function revisionsOf(folder: string): Revisions {
  const git = (args: readonly string[], input?: Buffer): void => {
    execFileSync('git', ['-c', 'core.compression=0', ...args], {
      cwd: folder,
      ...(input !== undefined && { input }),
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  }
  git(['init', '-q'])
  const repository = openRepository(folder, process.env)
  return {
    of([base, head]) {
      git(['fast-import', '--quiet', '--force'], imported([base, head]))
      return [opened('base'), opened('head')]
    },
  }

  function opened(branch: string): ComparedTree {
    const commit = repository.commitOf(`refs/heads/${branch}`)
    const tree = new Commit(repository, commit).tree('')
    if (tree === undefined) throw new Error(`The commit of ${branch} holds no solution.`)
    return tree
  }
}

/** What `git fast-import` reads: a branch for each tree. */
function imported(trees: readonly [ComparedTree, ComparedTree]): Buffer {
  const parts: (string | Uint8Array)[] = []
  for (const [at, tree] of trees.entries()) {
    const branch = at === 0 ? 'base' : 'head'
    parts.push(`commit refs/heads/${branch}\ncommitter a <a@example.org> 0 +0000\ndata 0\n`)
    for (const path of tree.paths) {
      const bytes = tree.read(path)
      // A path is quoted as in C; those of a solution need no more than JSON has.
      parts.push(`M 100644 inline ${JSON.stringify(path)}\ndata ${bytes.length}\n`, bytes, '\n')
    }
  }
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}
