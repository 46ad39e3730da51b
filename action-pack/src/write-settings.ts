import { existsSync } from 'node:fs'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  type DeploymentSettings,
  formatSettings,
  parseSettings,
  readGivenFile,
  settingsFor,
  type SourceTree,
  writeWholeFile,
} from '@dsa/solution-package'
import { counted } from '@dsa/user-error'

/** Writes the deployment settings file of the solution, and keeps what somebody has filled in. */
export async function writeSettings(
  input: string | undefined,
  tree: SourceTree,
  present: DeploymentSettings | undefined,
  { root, log }: ActionDeps,
): Promise<string | undefined> {
  if (input === undefined) return undefined
  const path = resolvePath(root, input)
  const settings = settingsFor(tree, present)
  await writeWholeFile(path, new TextEncoder().encode(formatSettings(settings)))
  const variables = settings.environmentVariables.filter(({ value }) => value === '')
  const references = settings.connectionReferences.filter(({ connectionId }) => connectionId === '')
  const blanks = [
    ...(variables.length > 0 ? [counted(variables.length, 'environment variable')] : []),
    ...(references.length > 0 ? [counted(references.length, 'connection reference')] : []),
  ]
  log.info(`${path}: ${blanks.length === 0 ? 'nothing' : blanks.join(' and ')} left to fill in.`)
  return path
}

/**
 * What somebody has filled in already; undefined where there is no such file.
 *
 * @throws UserError when the file cannot be read as settings
 */
export async function readPresentSettings(
  input: string | undefined,
  { root }: ActionDeps,
): Promise<DeploymentSettings | undefined> {
  if (input === undefined) return undefined
  const path = resolvePath(root, input)
  if (!existsSync(path)) return undefined
  const label = `'settings-file' ${input}`
  const wanted = 'Give the name of the JSON file for the settings.'
  return parseSettings(await readGivenFile({ path, label, ending: '.json', wanted }), label)
}
