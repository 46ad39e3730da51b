import { readFile } from 'node:fs/promises'
import { UserError } from '@dsa/user-error'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  type DeploymentSettings,
  readSettings,
  settingsFor,
  type SourceTree,
  writeWholeFile,
} from '@dsa/solution-package'

/** Writes the deployment settings file of the solution, and keeps what somebody has filled in. */
export async function writeSettings(
  input: string | undefined,
  tree: SourceTree,
  { root, log }: ActionDeps,
): Promise<string | undefined> {
  if (input === undefined) return undefined
  const path = resolvePath(root, input)
  const settings = settingsFor(tree, await presentSettings(path))
  await writeWholeFile(path, new TextEncoder().encode(`${JSON.stringify(settings, undefined, 2)}\n`))
  const { EnvironmentVariables: variables, ConnectionReferences: references } = settings
  log.info(
    `${path}: ${variables.length} environment variables and ${references.length} connection references to fill in.`,
  )
  return path
}

async function presentSettings(path: string): Promise<DeploymentSettings | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return readSettings(text)
  } catch (cause) {
    throw new UserError(
      `"settings-file" names ${path}, which exists and is no JSON. Correct it, or delete it.`,
      {
        cause,
      },
    )
  }
}
