import { parseSettings, readGivenFile, unreplacedToken } from '@dsa/solution-package'
import type { ConnectionSetting, VariableSetting } from '@dsa/solution-package'
import { listed, quotedList, UserError } from '@dsa/user-error'

/** The settings of one environment, each with the place that it comes from, in words for people. */
export interface GivenSettings {
  readonly environmentVariables: readonly GivenVariable[]
  readonly connectionReferences: readonly GivenConnection[]
}

interface Given {
  readonly from: string
  /** A place-holder in the value that nothing has replaced. */
  readonly token?: string | undefined
}

export interface GivenVariable extends VariableSetting, Given {}
export interface GivenConnection extends ConnectionSetting, Given {}

/** Where settings come from. */
export interface SettingsSources {
  /** The settings file: its path, and the input as it was given. */
  readonly file: { readonly path: string; readonly input: string } | undefined
  /** Lines `schema-name=value`. */
  readonly variableLines: readonly string[]
  /** Lines `logical-name=connection-id`. */
  readonly referenceLines: readonly string[]
  /** The environment of the step: `${NAME}` in values of the file, and variables with the prefixes below. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The settings of one environment: the file first, over it what the step's environment says, over that the inputs.
 * @throws UserError that names the input, file or token, never a value
 */
export async function readSettings(sources: SettingsSources): Promise<GivenSettings> {
  const { file, env, variableLines, referenceLines } = sources
  const filed =
    file === undefined
      ? noSettings
      : expand(await readFileSettings(file), `'deployment-settings-file' ${file.input}`, env)
  const variables = [
    ...prefixed(env, 'DATAVERSE_VARIABLE_'),
    ...variableLines.map((line) => pair(line, 'environment-variables')),
  ]
  const references = [
    ...prefixed(env, 'DATAVERSE_CONNECTION_'),
    ...referenceLines.map((line) => pair(line, 'connection-references')),
  ]
  return {
    environmentVariables: over(
      filed.environmentVariables,
      variables.map(({ name, value, from }) => ({
        schemaName: name,
        value,
        from,
        token: unreplacedToken(value),
      })),
      ({ schemaName }) => schemaName,
    ).map((one) => ({ ...one, value: one.value === EMPTY ? '' : one.value })),
    connectionReferences: over(
      filed.connectionReferences,
      references.map(({ name, value, from }) => ({
        logicalName: name,
        connectionId: value,
        connectorId: '',
        from,
        token: unreplacedToken(value),
      })),
      ({ logicalName }) => logicalName,
    ),
  }
}

const noSettings: GivenSettings = { environmentVariables: [], connectionReferences: [] }

/** Two double quotes stand for the empty text, since an empty value is a placeholder that sets nothing. */
const EMPTY = '""'

interface Pair {
  readonly name: string
  readonly value: string
  readonly from: string
}

/** Variables such as `DATAVERSE_VARIABLE_new_Mailbox`; an empty one is a secret that is not set, and sets nothing. */
function prefixed(env: SettingsSources['env'], prefix: string): readonly Pair[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    name.startsWith(prefix) && name.length > prefix.length && value !== ''
      ? [{ name: name.slice(prefix.length), value, from: `the step's environment (${name})` }]
      : [],
  )
}

/** Entries whose value is empty are placeholders and left out. */
async function readFileSettings({ path, input }: NonNullable<SettingsSources['file']>) {
  const label = `'deployment-settings-file' ${input}`
  const wanted = 'Give the JSON file with the settings.'
  const bytes = await readGivenFile({ path, label, ending: '.json', wanted })
  const { environmentVariables, connectionReferences } = parseSettings(bytes, label)
  return {
    environmentVariables: environmentVariables.filter(({ value }) => value !== ''),
    connectionReferences: connectionReferences.filter(({ connectionId }) => connectionId !== ''),
  }
}

const reference = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Gives each `${NAME}` its value from the step's environment; `$${NAME}` is the text `${NAME}` itself. */
function expand(
  settings: Awaited<ReturnType<typeof readFileSettings>>,
  from: string,
  env: SettingsSources['env'],
): GivenSettings {
  const missing = new Set<string>()
  const filled = (value: string): string =>
    value.replace(reference, (token, escape: string, name: string) => {
      if (escape !== '') return token.slice(1)
      const found = env[name]
      if (found === undefined) missing.add(name)
      return found ?? ''
    })
  const expanded = {
    environmentVariables: settings.environmentVariables.map((one) => ({
      ...one,
      value: filled(one.value),
      from,
      token: unreplacedToken(one.value.replace(reference, '')),
    })),
    connectionReferences: settings.connectionReferences.map((one) => ({
      ...one,
      connectionId: filled(one.connectionId),
      from,
      token: unreplacedToken(one.connectionId.replace(reference, '')),
    })),
  }
  if (missing.size > 0) {
    throw new UserError(
      `${from} uses ${quotedList([...missing])}, which the step's environment does not have. Set ${missing.size === 1 ? 'it' : 'them'} with 'env:' at the step.`,
    )
  }
  return expanded
}

function pair(line: string, input: string): Pair {
  const at = line.indexOf('=')
  const name = line.slice(0, Math.max(at, 0)).trim()
  const value = line.slice(at + 1).trim()
  const wrong = [
    ...(at === -1 ? ['there is no ='] : []),
    ...(at !== -1 && name === '' ? ['there is no name before the ='] : []),
    ...(at !== -1 && name !== '' && value === ''
      ? [`'${name}' has no value (${name}="" sets it to the empty text)`]
      : []),
  ]
  if (wrong.length > 0) {
    throw new UserError(`Input '${input}' has a line that is not 'name=value': ${listed(wrong)}.`)
  }
  return { name, value, from: `'${input}'` }
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
