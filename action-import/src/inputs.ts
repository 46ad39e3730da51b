import {
  booleanInput,
  enumInput,
  ineffectiveInputs,
  InputError,
  listInput,
  optionalBooleanInput,
  optionalInput,
  optionalNameInput,
  valueLinesInput,
} from '@dsa/action-kit'
import { environmentInputs, environmentKindInput } from '@dsa/connected-action'
import type { EnvironmentInputs } from '@dsa/connected-action'
import type { EnvironmentKind } from '@dsa/dataverse-client'
import type { Mode, Situation } from './decide/situation.ts'
import { STRICTNESS } from './prepare/findings.ts'
import type { Strictness } from './prepare/findings.ts'

const MODES = ['auto', 'install', 'update', 'upgrade', 'stage', 'promote', 'check', 'settings'] as const
export type InputMode = (typeof MODES)[number]

export interface Inputs extends EnvironmentInputs {
  readonly mode: InputMode
  /** Paths and patterns; given in every mode but `promote` and `settings`. */
  readonly solutionFiles: readonly string[]
  /** Of several solutions: as given, or what others need first. */
  readonly order: 'dependencies' | 'given'
  /** Given in mode `promote`. */
  readonly solutionName: string | undefined
  /** Paths and patterns. */
  readonly previousSolutionFiles: readonly string[]
  readonly workingDirectory: string | undefined
  readonly wishes: Situation['wishes']
  readonly activatePlugins: boolean
  readonly forceOverwrite: boolean
  readonly skipDependencyCheck: boolean
  readonly allowDataDeletion: boolean
  readonly publishChanges: boolean
  readonly reportLayers: 'off' | 'warn' | 'fail'
  readonly flows: 'keep' | 'on' | 'off'
  readonly settingsFile: string | undefined
  readonly variableLines: readonly string[]
  readonly referenceLines: readonly string[]
  readonly reuseConnections: boolean
  readonly environmentKind: EnvironmentKind | undefined
  /** A running import to follow. */
  readonly asyncOperationId: string | undefined
  readonly logArtifactName: string | undefined
  readonly backupArtifactName: string | undefined
  readonly recordArtifactName: string | undefined
  readonly failOn: readonly Strictness[]
  /** What to tell about inputs that have no effect here. */
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Official inputs that have no effect any more, and why. */
const WITHOUT_EFFECT = {
  'run-asynchronously': 'every import runs as a job of the server and is waited for',
  'convert-to-managed': 'the platform converts components by itself when a managed solution is imported',
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  // Secrets are read and masked before anything can fail.
  const environment = environmentInputs()
  const { mode, wanted } = readMode()
  const settings = settingsFile()
  const solutionName = optionalNameInput('solution-name')
  const solutionFiles = valueLinesInput('solution-file')
  const noFile = mode === 'promote' || mode === 'settings'
  if (solutionFiles.length === 0 && !noFile)
    throw new InputError("Input 'solution-file' is required and was not given.")
  if (mode === 'promote' && solutionName === undefined && solutionFiles.length === 0) {
    throw new InputError("Input 'solution-name' is required for mode 'promote' and was not given.")
  }
  return {
    ...environment,
    mode,
    solutionFiles,
    order: enumInput('solution-order', ['dependencies', 'given']),
    solutionName,
    previousSolutionFiles: valueLinesInput('previous-solution-file'),
    workingDirectory: optionalInput('working-directory'),
    wishes: {
      mode: wanted,
      ifSameVersion: enumInput('if-same-version', ['import', 'skip', 'fail']),
      ifLowerVersion: enumInput('if-lower-version', ['refuse', 'skip', 'update']),
      skipLowerVersion: booleanInput('skip-lower-version'),
      allowUnmanagedInProduction: booleanInput('allow-unmanaged-in-production'),
    },
    activatePlugins: booleanInput('activate-plugins'),
    forceOverwrite: booleanInput('force-overwrite'),
    skipDependencyCheck: booleanInput('skip-dependency-check'),
    allowDataDeletion: booleanInput('allow-data-deletion'),
    publishChanges: booleanInput('publish-changes'),
    reportLayers: enumInput('report-layers', ['off', 'warn', 'fail']),
    flows: enumInput('flows', ['keep', 'on', 'off']),
    settingsFile: settings.path,
    variableLines: valueLinesInput('environment-variables'),
    referenceLines: valueLinesInput('connection-references'),
    reuseConnections: booleanInput('reuse-connections'),
    environmentKind: environmentKindInput(),
    asyncOperationId: runningOperation(mode),
    logArtifactName: optionalInput('log-artifact-name'),
    backupArtifactName: optionalInput('backup-artifact-name'),
    recordArtifactName: optionalInput('record-artifact-name'),
    failOn: listInput('fail-on', STRICTNESS),
    notices: ineffectiveInputs(WITHOUT_EFFECT),
    warnings: settings.warnings,
  }
}

/** A running import can only be followed where one would be started. */
function runningOperation(mode: InputMode): string | undefined {
  const id = guidInput('async-operation-id')
  if (id === undefined || isDecided(mode)) return id
  throw new InputError(
    `'async-operation-id' follows a running import, which mode '${mode}' does not do; keep one of them.`,
  )
}

function guidInput(name: string): string | undefined {
  const value = optionalInput(name)
  if (value === undefined || GUID.test(value)) return value?.toLowerCase()
  throw new InputError(
    `Input '${name}' is '${value}'; it must be an id such as 310799b8-dc6c-ee11-9ae7-000d3aaae21d.`,
  )
}

/** The official inputs that force a way are modes; what contradicts is refused. */
function readMode(): { readonly mode: InputMode; readonly wanted: Mode } {
  const mode = enumInput('mode', MODES)
  const [first, second] = OFFICIAL_MODES.filter(([name]) => booleanInput(name))
  if (first === undefined) return { mode, wanted: isDecided(mode) ? mode : 'auto' }
  if (second !== undefined) {
    throw new InputError(
      "'import-as-holding' and 'stage-and-upgrade' are both true. The first stages the new version and leaves it to be " +
        'applied later, the second applies it at once; keep one of them.',
    )
  }
  const [name, meant] = first
  // A check tells what the import with the same inputs would do.
  if (mode === 'check') return { mode, wanted: meant }
  if (mode === meant || mode === 'auto') return { mode: meant, wanted: meant }
  throw new InputError(
    `'${name}' is true, which is mode '${meant}', and 'mode' is '${mode}'; keep one of them.`,
  )
}

function isDecided(mode: InputMode): mode is Mode {
  return mode !== 'promote' && mode !== 'check' && mode !== 'settings'
}

const OFFICIAL_MODES = [
  ['import-as-holding', 'stage'],
  ['stage-and-upgrade', 'upgrade'],
] as const

/** The file counts when it is given; Microsoft's switch beside it is only obeyed when it says no. */
function settingsFile(): { path: string | undefined; warnings: readonly string[] } {
  const path = optionalInput('deployment-settings-file')
  const use = optionalBooleanInput('use-deployment-settings-file')
  if (use === true && path === undefined) {
    throw new InputError(
      "'use-deployment-settings-file' is true, but 'deployment-settings-file' is not given.",
    )
  }
  if (use !== false || path === undefined) return { path, warnings: [] }
  return {
    path: undefined,
    warnings: [
      "'deployment-settings-file' is given but ignored, because 'use-deployment-settings-file' is false. Its settings are not applied.",
    ],
  }
}
