import { createHash } from 'node:crypto'
import { basename, dirname, join, relative } from 'node:path'
import { counted, UserError } from '@dsa/user-error'
import { type ActionDeps, type Outputs, resolvePath } from '@dsa/action-kit'
import {
  applyResources,
  type DeploymentSettings,
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
import { archiveOf, isFolderName, sourceFolders } from './sources.ts'
import { readPresentSettings, writeSettings } from './write-settings.ts'

interface WrittenArchive extends PackedArchive {
  readonly file: string
  readonly sha256: string
}

/** A solution that is packed, and not written yet. */
interface Prepared {
  readonly file: string
  readonly folder: string
  readonly source: SourceTree
  readonly tree: SourceTree
  readonly version: string
  readonly previousVersion: string
  readonly packed: PackedSolution
  readonly changes: string | undefined
  readonly presentSettings: DeploymentSettings | undefined
  readonly files: number
  readonly warnings: number
}

/** Packs the folders in memory, and only then writes the archives. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { log, root } = deps
  for (const [isGiven, notice] of inputsWithoutEffect) if (isGiven(inputs)) log.notice(notice)
  const folders = sourceFolders(inputs, root)
  const prepared: Prepared[] = []
  for (const folder of folders) prepared.push(await prepare(folder, inputs, deps))
  refuseSameFile(prepared)
  const results: Written[] = []
  for (const one of prepared) results.push(await write(one, inputs, deps))
  summarize(results, deps)
  for (const { changes } of results) if (changes !== undefined) deps.summary.markdown(changes.text)
  const archives = results.flatMap(({ archives: its }) => its)
  const sums = archives.map(({ file, sha256 }) => `${sha256}  ${basename(file)}`)
  const sumsFile = await writeSums(inputs, sums, deps)
  const main = results.map(({ archives: [first] }) => first)
  const managed = archives.filter(({ kind }) => kind === 'Managed')
  const changesFiles = results.flatMap(({ changes }) => (changes === undefined ? [] : [changes.path]))
  return {
    'solution-file': lines(main.map((archive) => archive?.file)),
    sha256: lines(main.map((archive) => archive?.sha256)),
    'managed-solution-file': lines(managed.map(({ file }) => file)),
    'managed-sha256': lines(managed.map(({ sha256 }) => sha256)),
    'unique-name': lines(prepared.map(({ packed }) => packed.manifest.uniqueName)),
    version: same(prepared.map(({ version }) => version)),
    'previous-version': same(prepared.map(({ previousVersion }) => previousVersion)),
    files: sumOf(prepared.map(({ files }) => files)),
    warnings: sumOf(prepared.map(({ warnings }) => warnings)),
    checksums: sums.join('\n'),
    'settings-file': lines(results.map(({ settingsFile }) => settingsFile)),
    'changes-file': lines(changesFiles),
    'artifact-id': await upload(
      inputs.artifactName,
      [...archives.map(({ file }) => file), ...changesFiles, ...(sumsFile === undefined ? [] : [sumsFile])],
      deps,
    ),
  }
}

async function prepare(folder: string, inputs: Inputs, deps: ActionDeps): Promise<Prepared> {
  const { log, root } = deps
  const workspace = { root, allowOutside: inputs.allowOutsideWorkspace }
  refuseLinkOut(folder, workspace)
  const all = readFolder(folder)
  const named = await openSource(all, inputs.solutionName)
  const file = archiveOf(
    inputs,
    isFolderName(inputs.solutionFile) ? readSourceManifest(named).uniqueName : '',
    root,
  )
  refuseLinkOut(dirname(file), workspace)
  const files = without(all, folder, [file, managedSibling(file)])
  const source =
    files.paths.length === all.paths.length ? named : await openSource(files, inputs.solutionName)
  await requireWritable(filesToWrite(inputs, file, join(folder, versionFile(source)), deps))
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
  return {
    file,
    folder,
    source,
    tree,
    version,
    previousVersion,
    packed,
    changes: await compareWith(inputs.compareWith, { folder, tree, packed }, deps),
    presentSettings,
    files: mapped.tree.paths.length,
    warnings: findings + warnings.length,
  }
}

/** What one solution left on the disk. */
interface Written {
  readonly packed: PackedSolution
  readonly archives: readonly WrittenArchive[]
  readonly changes: { readonly path: string; readonly text: string } | undefined
  readonly settingsFile: string | undefined
}

async function write(prepared: Prepared, inputs: Inputs, deps: ActionDeps): Promise<Written> {
  const { file, folder, source, tree, version, previousVersion, packed, changes, presentSettings } = prepared
  const { log } = deps
  const archives = await writeArchives(packed.archives, file)
  for (const { file: path, bytes, sha256 } of archives)
    log.info(`${path}: ${bytes.length} bytes, sha256 ${sha256}`)
  if (inputs.writeVersion && version !== previousVersion) {
    const { path, bytes } = sourceWithVersion(source, version)
    await writeWholeFile(join(folder, path), bytes)
    log.info(`Wrote the version ${version} to ${path}.`)
  }
  return {
    packed,
    archives,
    changes: changes === undefined ? undefined : await writeChanges(changes, file, deps),
    settingsFile: await writeSettings(inputs.settingsFile, tree, presentSettings, deps),
  }
}

/** An archive must not replace another one: of the same solution, or of one whose name ends as a managed archive does. */
function refuseSameFile(prepared: readonly Prepared[]): void {
  const owners = new Map<string, Prepared>()
  for (const one of prepared) {
    for (const path of archivePaths(one)) {
      const before = owners.get(path.toLowerCase())
      if (before !== undefined)
        throw new UserError(
          `${clash(before, one)}, and nothing was written. Name one of them in 'solution-folder'.`,
        )
      owners.set(path.toLowerCase(), one)
    }
  }
}

function archivePaths({ file, packed }: Prepared): readonly string[] {
  return packed.archives.map((_, index) => (index === 0 ? file : managedSibling(file)))
}

function clash(before: Prepared, one: Prepared): string {
  const [first, second] = [before, one].map(({ packed }) => packed.manifest.uniqueName)
  return before.file.toLowerCase() === one.file.toLowerCase()
    ? `${before.folder} and ${one.folder} both hold the solution '${second}'`
    : `The archives of '${first}' (${before.folder}) and '${second}' (${one.folder}) would have one name`
}

/** One a line; undefined where there is none. */
function lines(values: readonly (string | undefined)[]): string | undefined {
  const given = values.filter((value) => value !== undefined)
  return given.length === 0 ? undefined : given.join('\n')
}

/** What all have; undefined where they differ. */
function same(values: readonly string[]): string | undefined {
  return new Set(values).size === 1 ? values[0] : undefined
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** As `sha256sum` writes it. */
async function writeSums(
  { checksumsFile }: Inputs,
  sums: readonly string[],
  { root, log }: ActionDeps,
): Promise<string | undefined> {
  if (checksumsFile === undefined) return undefined
  const path = resolvePath(root, checksumsFile)
  await writeWholeFile(path, new TextEncoder().encode(sums.map((line) => `${line}\n`).join('')))
  log.info(`The sums of the archives are in ${path}.`)
  return path
}

/** What the run is going to write at its end. */
function filesToWrite(
  { packageType, settingsFile, checksumsFile, writeVersion, compareWith: isCompared }: Inputs,
  file: string,
  manifest: string,
  { root }: ActionDeps,
): readonly string[] {
  return [
    file,
    ...(packageType === 'Both' ? [managedSibling(file)] : []),
    ...[settingsFile, checksumsFile].flatMap((path) => (path === undefined ? [] : [resolvePath(root, path)])),
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
  text: string,
  file: string,
  { log }: ActionDeps,
): Promise<{ readonly path: string; readonly text: string }> {
  const path = changesFile(file)
  await writeWholeFile(path, new TextEncoder().encode(text))
  log.info(`What changed is in ${path}.`)
  return { path, text }
}

function summarize(results: readonly Written[], { summary }: ActionDeps): void {
  const packed = results.map((one) => one.packed)
  const components = sumOf(packed.flatMap((one) => [...one.components.values()]))
  const archives = results.flatMap((one) => one.archives)
  const [first, ...others] = packed
  const title =
    first !== undefined && others.length === 0
      ? `${first.manifest.uniqueName} ${first.manifest.version}`
      : counted(packed.length, 'solution')
  summary.outcome('done', `Packed ${title}`, [
    counted(components, 'component'),
    ...archives.map(({ file, sha256 }) => `${basename(file)} sha256 ${sha256.slice(0, 8)}…`),
  ])
  summary.folded('Details', (body) => {
    body.table(
      ['Archive', 'Type', 'Bytes', 'sha256'],
      archives.map(({ file, kind, bytes, sha256 }) => [basename(file), kind, bytes.length, { code: sha256 }]),
    )
    for (const { manifest, components: counts } of packed) {
      if (counts.size === 0) continue
      if (others.length > 0) body.heading(`${manifest.uniqueName} ${manifest.version}`)
      body.table(
        ['Kind', 'Components'],
        [...counts].toSorted(([a], [b]) => a.localeCompare(b, 'en')),
      )
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
