import { type GitHub } from '@dsa/action-kit'

/** A file of a commit. */
export interface TreeFile {
  readonly mode: string
  readonly sha: string
}

interface Entry extends TreeFile {
  readonly path: string
  readonly type: string
}

/**
 * The files of a commit below some paths. Of other folders only the way there is read.
 *
 * @param tree id of the root
 */
export async function filesOfTree(
  github: GitHub,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TreeFile>> {
  const files = new Map<string, TreeFile>()
  for (const path of paths) {
    const found = await entryAt(github, tree, path)
    if (found === undefined) continue
    if (found.type !== 'tree') files.set(path, found)
    else for (const [name, file] of await filesBelow(github, found.sha, path)) files.set(name, file)
  }
  return files
}

async function entryAt(github: GitHub, root: string, path: string): Promise<Entry | undefined> {
  let entry: Entry = { path: '', mode: '040000', type: 'tree', sha: root }
  const parts = path === '' ? [] : path.split('/')
  for (const [at, part] of parts.entries()) {
    const { entries } = await read(github, entry.sha, false)
    const next = entries.find((item) => item.path === part)
    if (next === undefined) return undefined
    entry = next
    if (entry.type !== 'tree') return at === parts.length - 1 ? entry : undefined
  }
  return entry
}

async function filesBelow(
  github: GitHub,
  tree: string,
  folder: string,
): Promise<readonly (readonly [string, TreeFile])[]> {
  const at = (name: string): string => (folder === '' ? name : `${folder}/${name}`)
  const whole = await read(github, tree, true)
  if (!whole.isCut)
    return whole.entries.flatMap((entry) => (entry.type === 'tree' ? [] : [[at(entry.path), entry] as const]))
  // Above 100,000 entries GitHub tells only some of them, so each folder is asked by itself.
  const found: (readonly [string, TreeFile])[] = []
  const { entries } = await read(github, tree, false)
  for (const entry of entries) {
    if (entry.type === 'tree') found.push(...(await filesBelow(github, entry.sha, at(entry.path))))
    else found.push([at(entry.path), entry])
  }
  return found
}

async function read(
  { api, owner, repo }: GitHub,
  tree: string,
  recursive: boolean,
): Promise<{ readonly entries: readonly Entry[]; readonly isCut: boolean }> {
  const { data } = await api.rest.git.getTree({
    owner,
    repo,
    tree_sha: tree,
    ...(recursive && { recursive: '1' }),
  })
  return { entries: data.tree, isCut: data.truncated }
}
