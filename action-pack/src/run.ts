import { createHash } from 'node:crypto'
import { basename, dirname, join, relative } from 'node:path'
import { counted } from '@dsa/user-error'
import { type ActionDeps, type Outputs, resolvePath } from '@dsa/action-kit'
import {
  applyResources,
  isInside,
  managedSibling,
  openSource,
  type PackedArchive,
  type PackedSolution,
  packSolution,
  parsedOnce,
  readFolder,
  readSourceManifest,
  requireWritable,
  refuseLinkOut,
  type SourceTree,
  sourceWithVersion,
  versionFile,
  writeWholeFile,
} from '@dsa/solution-package'
import { changesFile, compareWith } from './compare.ts'
import { chooseVersion } from './choose-version.ts'
import { checkSource } from './check-source.ts'
import type { Inputs } from './inputs.ts'
import { mapTree } from './map-tree.ts'
import { readPresentSettings, writeSettings } from './write-settings.ts'

interface WrittenArchive extends PackedArchive {
  readonly file: string
  readonly sha256: string
}

/** Packs the folder in memory, and only then writes the archives. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { log, root } = deps
  for (const [isGiven, notice] of inputsWithoutEffect) if (isGiven(inputs)) log.notice(notice)
  const folder = resolvePath(root, inputs.solutionFolder)
  const file = resolvePath(root, inputs.solutionFile)
  const workspace = { root, allowOutside: inputs.allowOutsideWorkspace }
  for (const path of [folder, dirname(file)]) refuseLinkOut(path, workspace)
  const files = without(readFolder(folder), folder, [file, managedSibling(file)])
  const source = await openSource(files, inputs.solutionName)
  await requireWritable(filesToWrite(inputs, join(folder, versionFile(source)), deps))
  const presentSettings = await readPresentSettings(inputs.settingsFile, deps)
  const mapped = await mapTree(inputs.mapFile, source, folder, workspace, deps)
  // What one step has parsed, the next ones need not parse again.
  const tree = parsedOnce(mapped.tree)
  const previousVersion = readSourceManifest(tree).version
  const version = chooseVersion(inputs.version, previousVersion, inputs.ref)
  const { findings, packed } = await checkAndPack(tree, { folder, version }, inputs, deps).catch(
    (error: unknown) => {
      // A file may be missing because a line of the map file leads nowhere.
      for (const warning of mapped.warnings()) log.warning(warning)
      throw error
    },
  )
  // What verifying has been asked about is not told a second time.
  const verifiable = inputs.verify ? [] : packed.verifiable
  const unclaimed = inputs.verify || inputs.verifyOff.includes('unclaimed-file') ? [] : packed.unclaimedFiles
  const warnings = [
    ...(isInside(folder, file) ? [archiveAmongSource] : []),
    ...mapped.warnings(),
    ...packed.warnings,
    ...verifiable,
    ...unclaimed.map(
      (path) => `${path}: packed, though no component names it; an import may refuse the archive for it.`,
    ),
  ]
  if (packed.leftOut.length > 0)
    log.notice(`Left out of the archive, since no component names them: ${packed.leftOut.join(', ')}.`)
  for (const warning of warnings) log.warning(warning)
  const changes = await compareWith(inputs.compareWith, { folder, tree, packed }, deps)
  const written = await writeArchives(packed.archives, file)
  for (const { file: path, bytes, sha256 } of written) {
    log.info(`${path}: ${bytes.length} bytes, sha256 ${sha256}`)
  }
  if (inputs.writeVersion && version !== previousVersion) {
    const { path, bytes } = sourceWithVersion(source, version)
    await writeWholeFile(join(folder, path), bytes)
    log.info(`Wrote the version ${version} to ${path}.`)
  }
  summarize(packed, written, deps)
  const changesPath = await writeChanges(changes, file, deps)
  const [main] = written
  const managed = written.find(({ kind }) => kind === 'Managed')
  return {
    'solution-file': main?.file,
    sha256: main?.sha256,
    'managed-solution-file': managed?.file,
    'managed-sha256': managed?.sha256,
    'unique-name': packed.manifest.uniqueName,
    version,
    'previous-version': previousVersion,
    files: mapped.tree.paths.length,
    warnings: findings + warnings.length,
    'settings-file': await writeSettings(inputs.settingsFile, tree, presentSettings, deps),
    'changes-file': changesPath,
    'artifact-id': await upload(
      inputs.artifactName,
      [...written.map((archive) => archive.file), ...(changesPath === undefined ? [] : [changesPath])],
      deps,
    ),
  }
}

/** What the run is going to write at its end. */
function filesToWrite(
  { solutionFile, packageType, settingsFile, writeVersion, compareWith: isCompared }: Inputs,
  manifest: string,
  { root }: ActionDeps,
): readonly string[] {
  const file = resolvePath(root, solutionFile)
  return [
    file,
    ...(packageType === 'Both' ? [managedSibling(file)] : []),
    ...(settingsFile === undefined ? [] : [resolvePath(root, settingsFile)]),
    ...(isCompared === undefined ? [] : [changesFile(file)]),
    ...(writeVersion ? [manifest] : []),
  ]
}

async function checkAndPack(
  tree: SourceTree,
  { folder, version }: { readonly folder: string; readonly version: string },
  inputs: Inputs,
  deps: ActionDeps,
): Promise<{ readonly findings: number; readonly packed: PackedSolution }> {
  const findings = checkSource(tree, folder, inputs, deps)
  const packed = await packSolution(inputs.localize ? applyResources(tree) : tree, {
    packageType: inputs.packageType,
    version,
    disablePluginRemap: inputs.disablePluginRemap,
    allowMissingFiles: inputs.verifyOff.includes('named-file-missing'),
    allowProblems: inputs.verifyOff,
  })
  return { findings, packed }
}

const archiveAmongSource =
  "'solution-file' lies in 'solution-folder'. The archive is left out of itself, but a later run that gives it another name may pack it, and it may be committed with the source. Give a path in another folder."

/** An archive of an earlier run that lies in the folder is not packed into the next one. */
function without(tree: SourceTree, folder: string, files: readonly string[]): SourceTree {
  const left = new Set(files.map((file) => relative(folder, file).replaceAll('\\', '/')))
  return { ...tree, paths: tree.paths.filter((path) => !left.has(path)) }
}

/** An input that does nothing is answered, never passed over in silence. */
const inputsWithoutEffect: readonly (readonly [(inputs: Inputs) => boolean, string])[] = [
  [
    ({ processCanvasApps }) => processCanvasApps !== undefined,
    "'process-canvas-apps' has no effect: its vendor withdrew it. The .msapp files are packed as they are.",
  ],
  [
    ({ localeTemplate }) => localeTemplate !== undefined,
    "'locale-template' has no effect when packing; it belongs to unpacking.",
  ],
  [
    ({ singleComponent }) => singleComponent !== 'None',
    "'single-component' has no effect when packing: an archive has to hold all that its solution.xml lists. It belongs to unpacking.",
  ],
  [
    ({ useLcid }) => useLcid,
    "'use-lcid' has no effect when packing: resource files are found under either name.",
  ],
  [
    ({ useUnmanagedFileForMissingManaged }) => useUnmanagedFileForMissingManaged,
    "'use-unmanaged-file-for-missing-managed' has no effect: packing always falls back to the unmanaged file.",
  ],
]

async function writeArchives(
  archives: readonly PackedArchive[],
  file: string,
): Promise<readonly WrittenArchive[]> {
  const written = archives.map((archive, i) => ({
    ...archive,
    file: i === 0 ? file : managedSibling(file),
    sha256: createHash('sha256').update(archive.bytes).digest('hex'),
  }))
  for (const { file: path, bytes } of written) await writeWholeFile(path, bytes)
  return written
}

async function writeChanges(
  changes: string | undefined,
  file: string,
  { summary, log }: ActionDeps,
): Promise<string | undefined> {
  if (changes === undefined) return undefined
  const path = changesFile(file)
  await writeWholeFile(path, new TextEncoder().encode(changes))
  summary.markdown(changes)
  log.info(`What changed is in ${path}.`)
  return path
}

function summarize(
  { manifest: { uniqueName, version }, components }: PackedSolution,
  written: readonly WrittenArchive[],
  { summary }: ActionDeps,
): void {
  const number = [...components.values()].reduce((sum, count) => sum + count, 0)
  summary.outcome('done', `Packed ${uniqueName} ${version}`, [
    counted(number, 'component'),
    ...written.map(({ file, sha256 }) => `${basename(file)} sha256 ${sha256.slice(0, 8)}…`),
  ])
  summary.folded('Details', (body) => {
    body.table(
      ['Archive', 'Type', 'Bytes', 'sha256'],
      written.map(({ file, kind, bytes, sha256 }) => [basename(file), kind, bytes.length, { code: sha256 }]),
    )
    if (components.size > 0) {
      const counts = [...components].toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      body.table(['Kind', 'Components'], counts)
    }
  })
}

async function upload(
  name: string | undefined,
  files: readonly string[],
  { artifacts, log }: ActionDeps,
): Promise<number | undefined> {
  const [main] = files
  if (name === undefined || main === undefined) return undefined
  const { id } = await artifacts.upload(name, files, dirname(main))
  log.info(`Uploaded as the artifact '${name}' (id ${id}).`)
  return id
}
