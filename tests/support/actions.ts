import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { importsOf } from './syntax.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

interface DeclaredInput {
  readonly description: string
  readonly required?: boolean
  readonly default?: string
  readonly deprecationMessage?: string
}

/** `action.yml` of an action. */
export interface ActionFile {
  readonly name: string
  readonly description: string
  readonly author: string
  readonly branding: { readonly icon: string; readonly color: string }
  readonly inputs: Readonly<Record<string, DeclaredInput>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value?: string }>>
  readonly runs: { readonly using: string; readonly main?: string }
}

/** Folders with an action that is a program of ours (not a composite one). */
export const actionFolders: readonly string[] = readdirSync(root).filter(
  (folder) => folder.startsWith('action-') && readAction(folder).runs.main !== undefined,
)

/** Folders with an action that is made of others. */
export const compositeFolders: readonly string[] = readdirSync(root).filter(
  (folder) => folder.startsWith('action-') && readAction(folder).runs.using === 'composite',
)

export function readAction(folder: string): ActionFile {
  const file: unknown = parse(readFileSync(join(root, folder, 'action.yml'), 'utf8'))
  assertActionFile(file)
  return file
}

function assertActionFile(file: unknown): asserts file is ActionFile {
  if (typeof file !== 'object' || file === null || !('inputs' in file) || !('runs' in file)) {
    throw new Error('action.yml has no inputs or no runs.')
  }
}

/** Where a package or an action is entered. */
const entries = ['src/main.ts', 'src/index.ts', 'src/diff/index.ts', 'src/cli.ts']

/** TypeScript files that a folder's entries lead to; what only tests use is not among them. */
export function sourceFiles(folder: string): readonly string[] {
  const found = new Set(entries.map((entry) => join(root, folder, entry)).filter((file) => existsSync(file)))
  // A set that grows while it is walked is walked to its new end.
  for (const file of found) {
    for (const name of importsOf(file)) {
      if (name.startsWith('.') && name.endsWith('.ts')) found.add(resolve(dirname(file), name))
    }
  }
  return [...found]
}
