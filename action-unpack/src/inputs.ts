import {
  booleanInput,
  enumInput,
  linesInput,
  numberInput,
  optionalBooleanInput,
  optionalInput,
  requiredInput,
} from '@dsa/action-kit'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    solutionFile: requiredInput('solution-file'),
    solutionFolder: requiredInput('solution-folder'),
    packageType: enumInput('solution-type', ['Unmanaged', 'Managed', 'Both']),
    replaceSolution: booleanInput('replace-solution'),
    overwriteFiles: optionalBooleanInput('overwrite-files'),
    singleComponent: enumInput('single-component', ['None', 'WebResource', 'Plugin', 'Workflow']),
    mapFile: optionalInput('map-file'),
    allowOutsideWorkspace: booleanInput('allow-outside-workspace'),
    localize: optionalBooleanInput('localize') ?? false,
    localeTemplate: optionalInput('locale-template'),
    useLcid: booleanInput('use-lcid'),
    useUnmanagedFileForMissingManaged: booleanInput('use-unmanaged-file-for-missing-managed'),
    disablePluginRemap: booleanInput('disable-plugin-remap'),
    processCanvasApps: optionalInput('process-canvas-apps'),
    lineEndings: enumInput('line-endings', ['auto', 'lf', 'crlf']),
    ignore: linesInput('ignore'),
    normalize: booleanInput('normalize'),
    dryRun: booleanInput('dry-run'),
    failOnLoss: booleanInput('fail-on-loss'),
    limits: {
      maxEntries: numberInput('max-entries', { unit: 'entries' }),
      maxTotalBytes: numberInput('max-unpacked-megabytes', { unit: 'megabytes', max: 1_000_000 }) * 1024 ** 2,
      maxRatio: numberInput('max-compression-ratio', { unit: 'times' }),
    },
    artifactName: optionalInput('artifact-name'),
  }
}
