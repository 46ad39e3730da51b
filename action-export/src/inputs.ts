import {
  booleanInput,
  connectionInputs,
  InputError,
  numberInput,
  optionalBooleanInput,
  optionalEnumInput,
  optionalInput,
  requiredInput,
} from '@dsa/action-kit'
import type { ExportSetting } from '@dsa/dataverse-client'
import { parseVersion, type VersionSegment, versionSegments } from '@dsa/solution-package'

export type SolutionType = 'Unmanaged' | 'Managed' | 'Both'

export type Inputs = ReturnType<typeof readInputs>

/** The official inputs, and the parameter of the Web API that each becomes. */
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

/** Reads and checks every input before the first request. */
export function readInputs() {
  return {
    connection: connectionInputs(),
    solutionName: requiredInput('solution-name'),
    outputFile: requiredInput('solution-output-file'),
    solutionType: solutionType(),
    publishAll: booleanInput('publish-all'),
    version: versionInput(),
    workingDirectory: optionalInput('working-directory'),
    overwrite: booleanInput('overwrite'),
    maxWaitMinutes: numberInput('max-async-wait-time', { unit: 'minutes', max: 1_440 }),
    maxQueueWaitMinutes: numberInput('max-queue-wait-time', { unit: 'minutes', min: 0, max: 1_440 }),
    artifactName: optionalInput('artifact-name'),
    settings: settingInputs.filter(([input]) => booleanInput(input)).map(([, setting]) => setting),
    notices: ineffective(),
  }
}

function solutionType(): SolutionType {
  const type = optionalEnumInput('solution-type', ['Unmanaged', 'Managed', 'Both'])
  const managed = optionalBooleanInput('managed')
  const meant = managed === undefined ? undefined : managed ? 'Managed' : 'Unmanaged'
  if (type !== undefined && meant !== undefined && type !== meant) {
    throw new InputError(
      `Input "managed" is "${managed}", which means ${meant}, but "solution-type" is "${type}". Remove "managed".`,
    )
  }
  return type ?? meant ?? 'Unmanaged'
}

/** A version, or the segment to raise. */
function versionInput(): { readonly set: string } | { readonly raise: VersionSegment } | undefined {
  const value = optionalInput('version')
  if (value === undefined) return undefined
  const segment = versionSegments.find((name) => name === value.toLowerCase())
  if (segment !== undefined) return { raise: segment }
  try {
    parseVersion(value)
  } catch (cause) {
    throw new InputError(
      `Input "version" is "${value}"; it must be a version such as 1.4.0.0, or one of ${versionSegments.join(', ')}.`,
      { cause },
    )
  }
  return { set: value }
}

function ineffective(): readonly string[] {
  const notices: string[] = []
  if (optionalBooleanInput('run-asynchronously') !== undefined) {
    notices.push('"run-asynchronously" has no effect: every export runs as a job of the server.')
  }
  if (optionalInput('solution-version') !== undefined) {
    notices.push(
      '"solution-version" has no effect, as in Microsoft\'s action. To set a version, use "version".',
    )
  }
  return notices
}
