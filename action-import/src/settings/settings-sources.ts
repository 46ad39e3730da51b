import { readFile } from 'node:fs/promises'
import { NO_SETTINGS, parseSettings, SettingsError } from './deployment-settings.ts'
import type { DeploymentSettings } from './deployment-settings.ts'
import { systemCode } from '../system-code.ts'

/** Where settings come from. */
export interface SettingsSources {
  /** Absolute path of the settings file. */
  readonly file: string | undefined
  /** Lines `schema-name=value`. */
  readonly variableLines: readonly string[]
  /** Lines `logical-name=connection-id`. */
  readonly referenceLines: readonly string[]
  /** The environment of the step: `${NAME}` in values of the file, and variables with the prefixes below. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The settings of one environment: the file first, over it what the step's environment says, over that the inputs.
 * @throws SettingsError that names the input, file or token, never a value
 */
export async function readSettings(sources: SettingsSources): Promise<DeploymentSettings> {
  const file =
    sources.file === undefined ? NO_SETTINGS : expand(await readFileSettings(sources.file), sources)
  const variables = [
    ...prefixed(sources.env, 'DATAVERSE_VARIABLE_'),
    ...sources.variableLines.map((line) => pair(line, 'environment-variables')),
  ]
  const references = [
    ...prefixed(sources.env, 'DATAVERSE_CONNECTION_'),
    ...sources.referenceLines.map((line) => pair(line, 'connection-references')),
  ]
  return {
    environmentVariables: over(
      file.environmentVariables,
      variables.map(([schemaName, value]) => ({ schemaName, value })),
      ({ schemaName }) => schemaName,
    ).map(({ schemaName, value }) => ({ schemaName, value: value === EMPTY ? '' : value })),
    connectionReferences: over(
      file.connectionReferences,
      references.map(([logicalName, connectionId]) => ({ logicalName, connectionId, connectorId: '' })),
      ({ logicalName }) => logicalName,
    ),
  }
}

/** Variables such as `DATAVERSE_VARIABLE_new_Mailbox`; an empty one is a secret that is not set, and sets nothing. */
function prefixed(env: SettingsSources['env'], prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    name.startsWith(prefix) && name.length > prefix.length && value !== ''
      ? [[name.slice(prefix.length), value]]
      : [],
  )
}

/** Two double quotes stand for the empty text, since an empty value is a placeholder that sets nothing. */
const EMPTY = '""'

async function readFileSettings(path: string): Promise<DeploymentSettings> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = systemCode(error) || String(error)
    throw new SettingsError(
      `'deployment-settings-file' ${path} cannot be read (${code}). Is the repository checked out in this job?`,
      { cause: error },
    )
  }
  return parseSettings(text, path)
}

function expand(settings: DeploymentSettings, { env, file = '' }: SettingsSources): DeploymentSettings {
  const missing = new Set<string>()
  const filled = (value: string): string =>
    value.replace(/(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (token, escape: string, name: string) => {
      // `$${NAME}` is the text `${NAME}` itself.
      if (escape !== '') return token.slice(1)
      const found = env[name]
      if (found === undefined) missing.add(name)
      return found ?? ''
    })
  const expanded = {
    environmentVariables: settings.environmentVariables.map((one) => ({ ...one, value: filled(one.value) })),
    connectionReferences: settings.connectionReferences.map((one) => ({
      ...one,
      connectionId: filled(one.connectionId),
    })),
  }
  if (missing.size > 0) {
    const names = [...missing].map((name) => `'${name}'`).join(', ')
    throw new SettingsError(
      `'deployment-settings-file' ${file} uses ${names}, which the step's environment does not have. Set it with \`env:\` at the step.`,
    )
  }
  return expanded
}

function pair(line: string, input: string): readonly [string, string] {
  const at = line.indexOf('=')
  const name = line.slice(0, Math.max(at, 0)).trim()
  const value = line.slice(at + 1).trim()
  if (at === -1 || name === '' || value === '') {
    throw new SettingsError(
      `'${input}' has a line that is not name=value: ${at === -1 ? 'there is no =' : name === '' ? 'there is no name' : `'${name}' has no value (name="" sets it to empty)`}.`,
    )
  }
  return [name, value]
}

/** Later entries replace earlier ones of the same name; what they do not say is kept. */
function over<T extends object>(
  below: readonly T[],
  above: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const byName = new Map(below.map((item) => [nameOf(item).toLowerCase(), item]))
  for (const item of above) {
    const key = nameOf(item).toLowerCase()
    const old = byName.get(key)
    const said = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== ''))
    byName.set(key, old === undefined ? item : { ...old, ...said })
  }
  return [...byName.values()]
}
