import {
  booleanInput,
  enumInput,
  gitRef,
  linesInput,
  optionalBooleanInput,
  optionalInput,
  optionalNameInput,
  requiredInput,
} from '@dsa/action-kit'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    solutionFile: requiredInput('solution-file'),
    solutionFolders: solutionFolders(),
    solutionName: optionalNameInput('solution-name'),
    packageType: enumInput('solution-type', ['Unmanaged', 'Managed', 'Both']),
    singleComponent: enumInput('single-component', ['None', 'WebResource', 'Plugin', 'Workflow']),
    mapFile: optionalInput('map-file'),
    allowOutsideWorkspace: booleanInput('allow-outside-workspace'),
    localize: optionalBooleanInput('localize') ?? false,
    localeTemplate: optionalInput('locale-template'),
    useLcid: booleanInput('use-lcid'),
    useUnmanagedFileForMissingManaged: booleanInput('use-unmanaged-file-for-missing-managed'),
    disablePluginRemap: booleanInput('disable-plugin-remap'),
    processCanvasApps: optionalInput('process-canvas-apps'),
    verify: booleanInput('verify'),
    verifyOff: linesInput('verify-off'),
    version: optionalNameInput('version'),
    writeVersion: booleanInput('write-version'),
    settingsFile: optionalInput('settings-file'),
    compareWith: optionalInput('compare-with'),
    checksumsFile: optionalInput('checksums-file'),
    artifactName: optionalInput('artifact-name'),
    /** What started the workflow; a version can be taken from it. */
    ref: gitRef(),
  }
}

/** A name may hold anything, so only a text of several lines is a list. */
function solutionFolders(): readonly string[] {
  const value = requiredInput('solution-folder')
  return /[\r\n]/.test(value) ? linesInput('solution-folder') : [value]
}
