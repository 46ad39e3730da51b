import { readFile } from 'node:fs/promises'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  type DeploymentSettings,
  formatSettings,
  parseSettings,
  settingsFor,
  type SourceTree,
  writeWholeFile,
} from '@dsa/solution-package'
import { counted } from '@dsa/user-error'

/** Writes the deployment settings file of the solution, and keeps what somebody has filled in. */
export async function writeSettings(
  input: string | undefined,
  tree: SourceTree,
  { root, log }: ActionDeps,
): Promise<string | undefined> {
  if (input === undefined) return undefined
  const path = resolvePath(root, input)
  const settings = settingsFor(tree, await presentSettings(path, input))
  await writeWholeFile(path, new TextEncoder().encode(formatSettings(settings)))
  const { environmentVariables: variables, connectionReferences: references } = settings
  log.info(
    `${path}: ${counted(variables.length, 'environment variable')} and ${counted(references.length, 'connection reference')} to fill in.`,
  )
  return path
}

async function presentSettings(path: string, input: string): Promise<DeploymentSettings | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return bytes && parseSettings(bytes, `'settings-file' ${input}`)
}
