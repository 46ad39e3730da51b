import type { ActionDeps } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { ConfigurationOrigin } from '@dsa/solution-comparison'
import type { RepositoryFiles } from '../sides/repository-files.ts'
import { type Acceptance, readAcceptances } from './acceptances.ts'
import type { Settings } from './apply.ts'
import { type Configuration, NO_CONFIGURATION, readConfiguration } from './configuration.ts'
import type { RepositoryFile } from './yaml-file.ts'

/** Where they are looked for when no input says it. */
const CONFIGURATION_FILES = ['yml', 'yaml', 'json'].map((ending) => `.github/dataverse-diff.${ending}`)
const ACCEPTED_FILES = ['yml', 'yaml', 'json'].map((ending) => `.github/dataverse-diff-accepted.${ending}`)

/** The files that were named, else undefined. */
interface Named {
  readonly configFile: string | undefined
  readonly acceptedFile: string | undefined
}

interface Sides {
  /** Undefined when no pull request is compared. */
  readonly before: RepositoryFiles | undefined
  readonly now: RepositoryFiles
}

export interface ReadSettings extends Settings {
  readonly origin: ConfigurationOrigin | null
  /** The file with acceptances, for messages. */
  readonly acceptedFile: string
}

/**
 * Reads what people of the repository say of findings. Levels and ignored components of a pull request are those of
 * its base branch, so that none switches them off for itself; an acceptance counts at once, and the report shows it.
 *
 * @throws UserError with file and line when a file cannot be read as what it is, also when the pull request brings it
 */
export async function readSettings(named: Named, sides: Sides, deps: ActionDeps): Promise<ReadSettings> {
  const { configuration, origin } = await configurationOf(named.configFile, sides, deps)
  const now = fileOf('accepted-file', named.acceptedFile, ACCEPTED_FILES, [sides.now])
  const acceptances = now === undefined ? [] : await readAcceptances(now)
  return {
    configuration,
    origin,
    acceptances,
    acceptedBefore: sides.before && (await acceptedIn(sides.before, named.acceptedFile)),
    acceptedFile: now?.path ?? named.acceptedFile ?? ACCEPTED_FILES[0] ?? '',
    today: new Date(deps.clock()).toISOString().slice(0, 10),
  }
}

async function configurationOf(
  name: string | undefined,
  { before, now }: Sides,
  { log }: ActionDeps,
): Promise<{ configuration: Configuration; origin: ConfigurationOrigin | null }> {
  const files = before ?? now
  const found = fileOf('config-file', name, CONFIGURATION_FILES, [files, now])
  const counting = found && withBytes(found.path, files)
  const proposed = found && before !== undefined ? withBytes(found.path, now) : undefined
  const isChanged = found !== undefined && before !== undefined && !isSame(counting, proposed)
  // What is proposed is checked, though it does not count yet: a broken file must not be merged.
  if (isChanged && proposed !== undefined) await readConfiguration(proposed)
  if (isChanged)
    log.notice(
      `The pull request changes ${found.path}. Levels and ignored components are those of the base branch until it is merged.`,
    )
  if (found === undefined) return { configuration: NO_CONFIGURATION, origin: null }
  return {
    configuration: counting === undefined ? NO_CONFIGURATION : await counted(counting, isChanged, log),
    origin: { file: found.path, revision: files.revision, isChanged },
  }
}

/** A broken file of the base branch does not stop the pull request that mends it; without it every rule counts. */
async function counted(
  file: RepositoryFile,
  isMended: boolean,
  log: ActionDeps['log'],
): Promise<Configuration> {
  try {
    return await readConfiguration(file)
  } catch (error) {
    if (!isMended || !(error instanceof UserError)) throw error
    log.warning(`In the base branch, ${error.message} It is left out.`)
    return NO_CONFIGURATION
  }
}

/** What was accepted before the pull request; a file that cannot be read accepted nothing. */
async function acceptedIn(files: RepositoryFiles, name: string | undefined): Promise<ReadonlySet<string>> {
  try {
    const file = fileOf('accepted-file', name, ACCEPTED_FILES, [files], false)
    const acceptances: readonly Acceptance[] = file === undefined ? [] : await readAcceptances(file)
    return new Set(acceptances.map(({ fingerprint }) => fingerprint))
  } catch (error) {
    if (error instanceof UserError) return new Set()
    throw error
  }
}

/**
 * The file that was named, or the one of the usual names that is there.
 *
 * @param places the first that has it
 * @param mustBeThere whether a named file that is nowhere is an error
 */
function fileOf(
  input: 'config-file' | 'accepted-file',
  name: string | undefined,
  usual: readonly string[],
  places: readonly RepositoryFiles[],
  mustBeThere = true,
): RepositoryFile | undefined {
  const paths = name === undefined ? usual : [pathOf(input, name)]
  for (const files of places) {
    const found = paths.flatMap((path) => withBytes(path, files) ?? [])
    const [file, another] = found
    if (another !== undefined && file !== undefined)
      throw new UserError(`There are both ${file.path} and ${another.path}; keep one of them.`)
    if (file !== undefined) return file
  }
  if (name === undefined || !mustBeThere) return undefined
  throw new UserError(`The repository has no file '${name}' (input '${input}'), as a path from its root.`)
}

function pathOf(input: string, name: string): string {
  const path = name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..'))
    throw new UserError(`Input '${input}' is '${name}'; it takes a path from the root of the repository.`)
  return path
}

function withBytes(path: string, files: RepositoryFiles): RepositoryFile | undefined {
  const bytes = files.read(path)
  return bytes === undefined ? undefined : { path, bytes }
}

function isSame(a: RepositoryFile | undefined, b: RepositoryFile | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a.bytes, b.bytes) === 0
}
