import {
  booleanInput,
  connectionInputs,
  enumInput,
  InputError,
  numberInput,
  optionalBooleanInput,
  optionalEnumInput,
  optionalInput,
  requiredInput,
} from '@dsa/action-kit'
import type { ConnectionInputs } from '@dsa/dataverse-auth'
import type { EnvironmentKind } from '@dsa/dataverse-client'
import type { Mode, Situation } from './decision.ts'

export interface Inputs {
  readonly connection: ConnectionInputs
  readonly solutionFile: string
  readonly workingDirectory: string | undefined
  readonly wishes: Situation['wishes']
  readonly activatePlugins: boolean
  readonly forceOverwrite: boolean
  readonly skipDependencyCheck: boolean
  readonly publishChanges: boolean
  readonly settingsFile: string | undefined
  readonly environmentKind: EnvironmentKind | undefined
  readonly maxWaitMinutes: number
  readonly maxQueueWaitMinutes: number
  /** What to tell about inputs that have no effect here. */
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
}

const KINDS = ['production', 'sandbox', 'developer', 'trial'] as const

/** Official inputs that have no effect any more, and why. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'run-asynchronously': 'every import runs as a job of the server and is waited for',
  'convert-to-managed': 'the platform converts components by itself when a managed solution is imported',
}

/** Reads and checks every input before the first request. */
export const readInputs = (): Inputs => {
  const connection = connectionInputs()
  const forceOverwrite = booleanInput('force-overwrite')
  const settings = settingsFile()
  return {
    connection,
    solutionFile: requiredInput('solution-file'),
    workingDirectory: optionalInput('working-directory'),
    wishes: {
      mode: officialMode(),
      ifSameVersion: enumInput('if-same-version', ['import', 'skip', 'fail']),
      ifLowerVersion: enumInput('if-lower-version', ['refuse', 'skip', 'update']),
      skipLowerVersion: booleanInput('skip-lower-version'),
      forceOverwrite,
      allowUnmanagedInProduction: booleanInput('allow-unmanaged-in-production'),
    },
    activatePlugins: booleanInput('activate-plugins'),
    forceOverwrite,
    skipDependencyCheck: booleanInput('skip-dependency-check'),
    publishChanges: booleanInput('publish-changes'),
    settingsFile: settings.path,
    environmentKind: optionalEnumInput('environment-kind', KINDS),
    maxWaitMinutes: numberInput('max-async-wait-time', { unit: 'minutes', min: 1, max: 1_440 }),
    maxQueueWaitMinutes: numberInput('max-queue-wait-time', { unit: 'minutes', min: 0, max: 1_440 }),
    notices: Object.entries(WITHOUT_EFFECT).flatMap(([name, why]) =>
      optionalBooleanInput(name) === undefined ? [] : [`'${name}' has no effect: ${why}.`],
    ),
    warnings: settings.warnings,
  }
}

/** The two official inputs that force a way are modes; both at once contradict each other. */
const officialMode = (): Mode => {
  const holding = booleanInput('import-as-holding')
  const upgrade = booleanInput('stage-and-upgrade')
  if (holding && upgrade) {
    throw new InputError(
      "'import-as-holding' and 'stage-and-upgrade' are both true. The first stages the new version and leaves it to be " +
        'applied later, the second applies it at once; keep one of them.',
    )
  }
  return holding ? 'stage' : upgrade ? 'upgrade' : 'auto'
}

/** The file counts when it is given; Microsoft's switch beside it is only obeyed when it says no. */
const settingsFile = (): { path: string | undefined; warnings: readonly string[] } => {
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
      `'deployment-settings-file' is given but ignored, because 'use-deployment-settings-file' is false. No settings are applied.`,
    ],
  }
}
