import {
  booleanInput,
  enumInput,
  linesInput,
  numberInput,
  optionalBooleanInput,
  optionalInput,
  optionalNameInput,
  requiredInput,
} from '@dsa/action-kit'
import { SOURCE_FORMATS } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  const inputs = {
    solutionFile: requiredInput('solution-file'),
    solutionFolder: requiredInput('solution-folder'),
    solutionName: optionalNameInput('solution-name'),
    format: enumInput('format', SOURCE_FORMATS),
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
  const [unfit] = OF_XML_ONLY.filter(([, isGiven]) => isGiven(inputs))
  if (inputs.format !== 'xml' && unfit !== undefined)
    throw new UserError(
      `Input '${unfit[0]}' works on the files of 'format: xml' only. Leave one of the two out.`,
    )
  return inputs
}

/** Inputs that change files of the XML tree. */
const OF_XML_ONLY: readonly (readonly [
  string,
  (
    inputs: Readonly<{
      normalize: boolean
      localize: boolean
      localeTemplate: string | undefined
      mapFile: string | undefined
      singleComponent: string
    }>,
  ) => boolean,
])[] = [
  ['normalize', ({ normalize }) => normalize],
  ['localize', ({ localize }) => localize],
  ['locale-template', ({ localeTemplate }) => localeTemplate !== undefined],
  ['map-file', ({ mapFile }) => mapFile !== undefined],
  ['single-component', ({ singleComponent }) => singleComponent !== 'None'],
]
