import type { LocalFile } from '../files/read-files.ts'
import type { TreeFile } from './trees.ts'

/** By this line at the end of its message a commit of ours is known again. */
const OURS = 'Made-by: dataverse-solution-actions'

const KEPT = /^Kept: (\d{6}) ([0-9a-f]{40}) (".*")$/

const ABSENT = { mode: '000000', sha: '0'.repeat(40) }

/**
 * The message of a commit, with what was proposed of the files in it that are as somebody else left them: its tree
 * does not tell, and the next run must not take them for ours.
 */
export function messageWith(text: string, kept: ReadonlyMap<string, LocalFile | undefined>): string {
  const lines = [...kept].map(([path, file]) => {
    const { mode, sha } = file === undefined ? ABSENT : { mode: file.mode ?? '100644', sha: file.sha }
    return `Kept: ${mode} ${sha} ${JSON.stringify(path)}`
  })
  return [text.trim(), '', ...lines, OURS].join('\n')
}

export function isOurMessage(message: string): boolean {
  return message.trimEnd().endsWith(`\n${OURS}`)
}

/** What a commit of ours proposed of such files; undefined where it proposed to remove one. */
export function keptIn(message: string): ReadonlyMap<string, TreeFile | undefined> {
  // Above the last empty line stands what the workflow wrote.
  const [own = ''] = message.trimEnd().split('\n\n').slice(-1)
  return new Map(
    own.split('\n').flatMap((line): [string, TreeFile | undefined][] => {
      const [, mode, sha, path] = KEPT.exec(line) ?? []
      if (mode === undefined || sha === undefined || path === undefined) return []
      return [[String(JSON.parse(path)), mode === ABSENT.mode ? undefined : { mode, sha }]]
    }),
  )
}
