import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface DeclaredInput {
  readonly description: string
  readonly required?: boolean
  readonly default?: string
}

/** `action.yml` of an action. */
export interface ActionFile {
  readonly name: string
  readonly description: string
  readonly branding: { readonly icon: string; readonly color: string }
  readonly inputs: Readonly<Record<string, DeclaredInput>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main?: string }
}

/** Folders with an action that is a program of ours (not a composite one). */
export const actionFolders: readonly string[] = readdirSync(root).filter(
  (folder) => folder.startsWith('action-') && readAction(folder).runs.main !== undefined,
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

/** TypeScript files of a folder, without tests and what only tests use. */
export const sourceFiles = (folder: string): readonly string[] =>
  readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixtures|d)\.ts$/.test(name))
    .map((name) => join(root, folder, 'src', name))
    .filter((file) => !readFileSync(file, 'utf8').includes("from '@jest/globals'"))
