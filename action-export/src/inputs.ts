import {
  booleanInput,
  enumInput,
  ineffectiveInputs,
  InputError,
  optionalBooleanInput,
  optionalEnumInput,
  optionalInput,
  optionalNameInput,
  requiredInput,
  requiredNameInput,
} from '@dsa/action-kit'
import { environmentInputs } from '@dsa/connected-action'
import type { EnvironmentInputs } from '@dsa/connected-action'
import type { ExportSetting } from '@dsa/dataverse-client'
import { quotedList } from '@dsa/user-error'
import { type PackageType, RAISING, type VersionRule, versionRule } from '@dsa/solution-package'
import { type PipelinesArtifact, pipelinesArtifactInput } from './pipelines-artifact.ts'

export interface Inputs extends EnvironmentInputs {
  readonly solutionName: string
  readonly outputFile: string
  readonly workingDirectory: string | undefined
  readonly type: PackageType
  /** Where the archives are taken from instead of an export. */
  readonly pipelinesArtifact: PipelinesArtifact | undefined
  readonly version: VersionRule | undefined
  readonly publishAll: boolean
  readonly overwrite: boolean
  readonly settings: readonly ExportSetting[]
  readonly currentValues: 'warn' | 'fail' | 'ignore'
  readonly artifactName: string | undefined
  /** What to tell about inputs that have no effect here. */
  readonly notices: readonly string[]
}

const types = ['Unmanaged', 'Managed', 'Both'] as const

/** The official inputs for setting groups, and what each is called in the Web API. */
const settingInputs: readonly (readonly [input: string, setting: ExportSetting])[] = [
  ['export-auto-numbering-settings', 'ExportAutoNumberingSettings'],
  ['export-calendar-settings', 'ExportCalendarSettings'],
  ['export-customization-settings', 'ExportCustomizationSettings'],
  ['export-email-tracking-settings', 'ExportEmailTrackingSettings'],
  ['export-external-applications-settings', 'ExportExternalApplications'],
  ['export-general-settings', 'ExportGeneralSettings'],
  ['export-isv-config', 'ExportIsvConfig'],
  ['export-marketing-settings', 'ExportMarketingSettings'],
  ['export-outlook-synchronization-settings', 'ExportOutlookSynchronizationSettings'],
  ['export-relationship-roles', 'ExportRelationshipRoles'],
  ['export-sales', 'ExportSales'],
]

/** Official inputs that have no effect any more, and why. */
const withoutEffect = {
  'solution-version': "it never set a version. Use 'version' for that",
  'run-asynchronously': 'every export runs as a job of the server and is waited for',
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const version = optionalNameInput('version')
  const settings = settingInputs.filter(([input]) => booleanInput(input))
  const pipelinesArtifact = pipelinesArtifactInput()
  if (pipelinesArtifact !== undefined)
    refuseChanges([
      ...(version === undefined ? [] : ['version']),
      ...(booleanInput('publish-all') ? ['publish-all'] : []),
      ...settings.map(([input]) => input),
    ])
  return {
    ...environmentInputs(),
    pipelinesArtifact,
    solutionName: requiredNameInput('solution-name'),
    outputFile: requiredInput('solution-output-file'),
    workingDirectory: optionalInput('working-directory'),
    type: readType(),
    version: version === undefined ? undefined : versionRule('version', version, RAISING),
    publishAll: booleanInput('publish-all'),
    overwrite: booleanInput('overwrite'),
    settings: settings.map(([, setting]) => setting),
    currentValues: enumInput('current-values', ['warn', 'fail', 'ignore']),
    artifactName: optionalInput('artifact-name'),
    notices: ineffectiveInputs(withoutEffect),
  }
}

/** @throws InputError for inputs that an export which is over cannot follow any more */
function refuseChanges(inputs: readonly string[]): void {
  if (inputs.length > 0)
    throw new InputError(
      `'pipelines-artifact' takes what a pipeline exported before, so ${quotedList(inputs)} can change nothing of it. Leave ${inputs.length === 1 ? 'it' : 'them'} out.`,
    )
}

/** `managed` is the official way to say it; `solution-type` says more. Both may be given when they agree. */
function readType(): PackageType {
  const type = optionalEnumInput('solution-type', types)
  const managed = optionalBooleanInput('managed')
  const same = managed === true ? 'Managed' : 'Unmanaged'
  if (type !== undefined && managed !== undefined && type !== same) {
    throw new InputError(
      `Input 'managed' is ${managed}, which means ${same}, and 'solution-type' is ${type}. Give only one of them.`,
    )
  }
  return type ?? same
}
