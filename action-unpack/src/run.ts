import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { UserError } from '@dsa/user-error'
import { type ActionDeps, type Outputs, resolvePath } from '@dsa/action-kit'
import {
  ignorePatterns,
  isInside,
  legacyCanvasFolder,
  managedSibling,
  mirrorFolders,
  presentFolder,
  type MirrorResult,
  type FileSet,
  type NotCarried,
  type PackageParts,
  type PackageType,
  refuseLinkOut,
  refuseToReplace,
  type SolutionArchives,
  troubleOnWindows,
  type UnpackedSource,
  unpackAs,
  type ZipLimits,
} from '@dsa/solution-package'
import { addResources } from './add-resources.ts'
import type { Inputs } from './inputs.ts'
import { mapFiles } from './map-files.ts'
import { isFolder, packFolder } from './pack-folder.ts'
import { readArchive } from './read-archive.ts'

/** Unpacks the archive in memory, and only then makes the folder hold the result. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { log, root, summary } = deps
  for (const [isGiven, notice] of inputsWithoutEffect) if (isGiven(inputs)) log.notice(notice)
  const file = resolvePath(root, inputs.solutionFile)
  const folder = resolvePath(root, inputs.solutionFolder)
  const { packageType, limits } = inputs
  const workspace = { root, allowOutside: inputs.allowOutsideWorkspace }
  refuseLinkOut(folder, workspace)
  const archives = isFolder(file)
    ? await packFolder(file, packageType, inputs.solutionName)
    : readArchives(file, packageType, limits)
  const present = presentFolder(folder)
  const solution = await unpackAs(
    inputs.format,
    archives,
    {
      packageType,
      normalize: inputs.normalize,
      ...(inputs.singleComponent !== 'None' && { singleComponent: inputs.singleComponent }),
    },
    present,
  )
  const { uniqueName, version } = solution.manifest
  log.info(`${uniqueName} ${version}, ${packageType}: ${solution.size} files.`)
  reportLoss(solution.notCarried, inputs.failOnLoss, deps)
  for (const notice of solution.notices) log.notice(notice)
  const paths = [...solution.files.keys()]
  for (const warning of [...solution.missingFiles, ...solution.warnings, ...troubleOnWindows(paths)])
    log.warning(warning)
  if (!isFolder(file) && isInside(folder, file)) log.warning(archiveAmongSource)
  if (!inputs.replaceSolution) refuseToReplace(present, solution.manifest)
  const isNamed = ignoring(inputs, folder, root)
  const isIgnored = (path: string): boolean => isNamed(path) || solution.keeps(path)
  if (inputs.overwriteFiles !== false) {
    warnOfLegacyCanvas(
      present.paths.filter((path) => !isIgnored(path)),
      paths,
      log,
    )
  }

  const tree = addResources(inputs, solution, present, deps)
  const mapped = await mapFiles(inputs.mapFile, tree, folder, workspace, deps)
  const mirror = {
    lineEndings: inputs.lineEndings,
    made: tree.made,
    dryRun: inputs.dryRun,
    newLines: solution.newLines,
  }
  const result = mirrorFolders(
    {
      folder,
      files: mapped.files,
      options: {
        ...mirror,
        overwrite: inputs.overwriteFiles,
        ...(solution.holdsSolution !== undefined && { holdsSolution: solution.holdsSolution }),
        ignore: isIgnored,
        workspace: root,
      },
    },
    [...mapped.outside].map(([target, files]) => ({
      folder: resolve(folder, target),
      files,
      options: { ...mirror, overwrite: false },
    })),
  )
  if (inputs.dryRun)
    deps.log.notice("'dry-run' is true: nothing was written or deleted. What follows would be done.")
  reportMirror(result, folder, deps)
  summarize(solution, result, packageType, summary)
  return {
    'solution-folder': folder,
    'unique-name': uniqueName,
    version,
    'files-written': result.added.length + result.changed.length,
    'files-added': result.added.length,
    'files-changed': result.changed.length,
    'files-unchanged': result.unchanged,
    'files-deleted': result.deleted.length,
    'files-kept': result.kept.length + result.readOnly.length,
    changed: result.recovered || result.added.length + result.changed.length + result.deleted.length > 0,
    'not-carried': solution.notCarried.length,
    'artifact-id': await upload(inputs.dryRun ? undefined : inputs.artifactName, folder, mapped.files, deps),
  }
}

/** A mirror deletes what somebody may take for the source of an app. */
function warnOfLegacyCanvas(
  present: readonly string[],
  paths: readonly string[],
  log: ActionDeps['log'],
): void {
  const folder = legacyCanvasFolder(present)
  if (folder === undefined || legacyCanvasFolder(paths) !== undefined) return
  log.warning(
    `${folder} is source that 'process-canvas-apps' made, which its vendor withdrew. It is no part of the solution, so unpacking deletes it; an app is its .msapp file. To keep it, name it in 'ignore'.`,
  )
}

/** An input that does nothing is answered, never passed over in silence. */
const inputsWithoutEffect: readonly (readonly [(inputs: Inputs) => boolean, string])[] = [
  [
    ({ processCanvasApps }) => processCanvasApps !== undefined,
    "'process-canvas-apps' has no effect: its vendor withdrew it. The .msapp files are kept as they are.",
  ],
  [
    ({ useUnmanagedFileForMissingManaged }) => useUnmanagedFileForMissingManaged,
    "'use-unmanaged-file-for-missing-managed' has no effect: packing always falls back to the unmanaged file.",
  ],
  [
    ({ disablePluginRemap }) => disablePluginRemap,
    "'disable-plugin-remap' has no effect when unpacking: names of plug-in types are kept as they are. Set it when packing.",
  ],
  [
    ({ useLcid, localize }) => useLcid && !localize,
    "'use-lcid' has no effect without 'localize: true': it names the files of languages.",
  ],
]

const archiveAmongSource =
  "'solution-file' lies in 'solution-folder'. It is kept there, though it is no part of the solution: packing may take it for one, and it may be committed with the source. Put archives into another folder."

/** What the run reads is not deleted, wherever it lies. */
function ignoring({ ignore, solutionFile, mapFile }: Inputs, folder: string, root: string) {
  const isIgnored = ignorePatterns(ignore)
  const archive = resolvePath(root, solutionFile)
  const own = [
    archive,
    managedSibling(archive),
    ...(mapFile === undefined ? [] : [resolvePath(root, mapFile)]),
  ]
  const paths = new Set(own.map((file) => relative(folder, file).replaceAll('\\', '/')))
  return (path: string): boolean => paths.has(path) || isIgnored(path)
}

function readArchives(file: string, packageType: PackageType, limits: Partial<ZipLimits>): SolutionArchives {
  const archive = readArchive(file, limits)
  return packageType === 'Both' ? { archive, managed: readManagedSibling(file, limits) } : { archive }
}

function readManagedSibling(file: string, limits: Partial<ZipLimits>): PackageParts {
  const sibling = managedSibling(file)
  try {
    return readArchive(sibling, limits)
  } catch (cause) {
    if (existsSync(sibling)) throw cause
    const unmanaged = file.replace(/_managed(?=\.zip$)/i, '')
    if (unmanaged !== file && existsSync(unmanaged))
      throw new UserError(
        `'solution-type: Both' takes the managed archive by itself, from beside the unmanaged one. Give the unmanaged archive '${basename(unmanaged)}' as 'solution-file'.`,
        { cause },
      )
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(
      `'solution-type: Both' unpacks ${basename(file)} together with the managed archive beside it. ${why} Export both kinds, or unpack as Unmanaged or Managed.`,
      { cause },
    )
  }
}

function reportLoss(notCarried: readonly NotCarried[], fail: boolean, { log }: ActionDeps): void {
  const lines = notCarried.map(({ path, reason }) => `${path} is not carried over: ${reason}.`)
  if (fail && lines.length > 0) {
    throw new UserError(
      `${lines.length} ${lines.length === 1 ? 'thing' : 'things'} in the archive would not reach the folder, and 'fail-on-loss' is true. Nothing was written.\n${lines.join('\n')}`,
    )
  }
  for (const line of lines) log.warning(line)
}

function reportMirror(result: MirrorResult, folder: string, { log }: ActionDeps): void {
  if (result.recovered)
    log.notice(`An earlier run on ${folder} had been killed. Its work was finished first.`)
  if (result.putAside !== undefined) {
    log.warning(
      `Beside ${folder} lay the journal of an unpacking that was killed on another machine, or that came with the checkout. It was not carried out, and lies in ${result.putAside} now. The folder may have been half written; now it is not. Look into the journal, then remove it.`,
    )
  }
  for (const path of result.added) log.debug(`Added: ${path}`)
  for (const path of result.changed) log.debug(`Changed: ${path}`)
  for (const path of result.deleted) log.info(`Deleted: ${path}`)
  if (result.kept.length > 0) {
    log.warning(
      `${result.kept.length} left-over files that are not in the solution were kept, because 'overwrite-files' is false: ${listed(result.kept)}`,
    )
  }
  if (result.readOnly.length > 0) {
    log.warning(
      `${result.readOnly.length} read-only files have other content in the solution and were kept, because 'overwrite-files' is false: ${listed(result.readOnly)}`,
    )
  }
  log.info(
    `${folder}: ${result.added.length} added, ${result.changed.length} changed, ${result.deleted.length} deleted, ${result.unchanged} unchanged.`,
  )
}

function listed(paths: readonly string[]): string {
  return paths.length <= 20
    ? paths.join(', ')
    : `${paths.slice(0, 20).join(', ')} and ${paths.length - 20} more`
}

function summarize(
  { manifest, notCarried }: UnpackedSource,
  result: MirrorResult,
  packageType: string,
  summary: ActionDeps['summary'],
): void {
  summary.outcome('done', `Unpacked ${manifest.uniqueName} ${manifest.version} (${packageType})`)
  summary.table(
    ['Added', 'Changed', 'Deleted', 'Unchanged', 'Not carried over'],
    [
      [
        result.added.length,
        result.changed.length,
        result.deleted.length,
        result.unchanged,
        notCarried.length,
      ],
    ],
  )
  const changes = [
    ...result.added.map((path) => ['added', path] as const),
    ...result.changed.map((path) => ['changed', path] as const),
    ...result.deleted.map((path) => ['deleted', path] as const),
  ]
  // The first unpacking of a solution adds everything; a list of it tells nothing.
  const isFirst = result.unchanged === 0 && result.changed.length === 0
  if (changes.length > 0 && !isFirst) {
    summary.table(
      ['Change', 'File'],
      changes.map(([change, path]) => [change, { code: path }]),
    )
  }
  if (notCarried.length > 0) {
    summary.text('These things of the archive do not reach the folder:')
    summary.table(
      ['What', 'Why'],
      notCarried.map(({ path, reason }) => [{ code: path }, reason]),
    )
  }
}

async function upload(
  name: string | undefined,
  folder: string,
  files: FileSet,
  { artifacts, log }: ActionDeps,
): Promise<number | undefined> {
  if (name === undefined) return undefined
  // A file that is ignored is not written.
  const written = [...files.keys()].map((path) => join(folder, path)).filter((path) => existsSync(path))
  const { id } = await artifacts.upload(name, written, folder)
  log.info(`Uploaded as the artifact '${name}' (id ${id}).`)
  return id
}
