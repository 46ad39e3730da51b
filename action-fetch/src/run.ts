import { join } from 'node:path'
import { type ActionDeps, type Outputs, resolvePath } from '@dsa/action-kit'
import {
  checkPaths,
  ignorePatterns,
  refuseLinkOut,
  requireWritable,
  writeWholeFile,
} from '@dsa/solution-package'
import { counted, quotedList, UserError } from '@dsa/user-error'
import { type Archive, wantedArchives } from './archives.ts'
import { artifactBuild } from './artifact-build.ts'
import type { Build } from './build.ts'
import { type Checksum, mismatch, missingFiles, parseChecksums } from './checksums.ts'
import type { Inputs } from './inputs.ts'
import { findPrevious, type PreviousRelease } from './previous-release.ts'
import { buildOf, findRelease } from './release-build.ts'
import { openReleases } from './repository.ts'

/** The older archives lie apart, so that a pattern for the new ones does not meet them. */
const PREVIOUS = 'previous'

/** Reads and checks all of it in memory, and only then writes. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const folder = resolvePath(deps.root, inputs.folder)
  refuseLinkOut(folder, { root: deps.root, allowOutside: false })
  const build = await findBuild(inputs, deps)
  const archives = await wantedArchives(build, inputs)
  const checked = await checkSums(archives, build, inputs)
  const previous =
    inputs.previous === undefined
      ? undefined
      : await findPrevious(inputs.previous, archives, build.release, inputs, deps)
  if (inputs.previous !== undefined && previous === undefined) {
    deps.log.notice('There is no older release with these solutions, so there is nothing to compare with.')
  }
  const files = await write(folder, archives, previous)
  for (const { name, version, sha256 } of archives) deps.log.info(`${name} ${version}, sha256 ${sha256}`)
  summarize(archives, build, checked, previous, deps)
  const versions = new Set(archives.map(({ version }) => version))
  return {
    'solution-file': files.current.join('\n'),
    solutions: JSON.stringify(
      archives.map(({ name, version, managed, sha256 }, index) => ({
        file: files.current[index],
        name,
        version,
        managed,
        sha256,
      })),
    ),
    version: versions.size === 1 ? archives[0]?.version : undefined,
    sha256: archives.map(({ sha256, path }) => `${sha256}  ${path}`).join('\n'),
    release: build.release,
    'previous-solution-file': previous === undefined ? undefined : files.previous.join('\n'),
    'previous-release': previous?.tag,
  }
}

async function findBuild(inputs: Inputs, deps: ActionDeps): Promise<Build> {
  const { place } = inputs
  if (place.kind === 'artifact') return artifactBuild(place, inputs, deps)
  const source = await openReleases(inputs, deps)
  return buildOf(await findRelease(place.tag, source), source)
}

/**
 * @returns what the sums came from, in words; none when no sums were asked for
 * @throws UserError with every archive that is not what was built, or that was built and is not there
 */
async function checkSums(
  archives: readonly Archive[],
  build: Build,
  { sums, sumsFile, files }: Inputs,
): Promise<readonly string[]> {
  const sources: (readonly [source: string, wanted: readonly Checksum[]])[] = []
  if (sums.length > 0) sources.push(["the input 'sha256'", sums])
  if (sumsFile !== undefined) sources.push([`the file '${sumsFile}'`, await readSums(sumsFile, build)])
  const wrong = sources.flatMap(([source, wanted]) =>
    archives.flatMap(({ path, sha256 }) => mismatch(path, sha256, wanted, source) ?? []),
  )
  if (wrong.length > 0) {
    throw new UserError(
      `${counted(wrong.length, 'archive')} of ${build.source} ${wrong.length === 1 ? 'is' : 'are'} not what was built, and nothing was written: ${wrong.join('; ')}. Find out who replaced it before anything is deployed; build again if nobody knows.`,
    )
  }
  const isWanted = files.length === 0 ? () => true : ignorePatterns(files)
  for (const [source, wanted] of sources) {
    const missing = missingFiles(wanted, build.files).filter((name) => isWanted(name))
    if (missing.length > 0) {
      throw new UserError(
        `${source} has a sum for ${quotedList(missing)}, which ${missing.length === 1 ? 'is' : 'are'} not in ${build.source}, so it is not all that was built, and nothing was written. Build again, or name with 'files' what is wanted of it.`.replace(
          /^t/,
          'T',
        ),
      )
    }
  }
  return sources.map(([source]) => source)
}

async function readSums(name: string, build: Build): Promise<readonly Checksum[]> {
  const file = build.files.find(({ path }) => path === name)
  if (file === undefined) {
    throw new UserError(
      `'checksums-file' names '${name}', which is not in ${build.source}, so nothing tells what was built. Give the name that the build writes, or leave 'checksums-file' out.`,
    )
  }
  return parseChecksums(new TextDecoder().decode(await file.read()), `The file '${name}'`)
}

async function write(folder: string, archives: readonly Archive[], previous: PreviousRelease | undefined) {
  const older = previous?.archives ?? []
  const targets = [
    ...archives.map(({ path, bytes }) => ({ path, bytes })),
    ...older.map(({ path, bytes }) => ({ path: `${PREVIOUS}/${path}`, bytes })),
  ]
  checkPaths(
    folder,
    targets.map(({ path }) => path),
  )
  const files = targets.map(({ path }) => join(folder, path))
  await requireWritable(files)
  for (const [index, { bytes }] of targets.entries()) await writeWholeFile(files[index] ?? '', bytes)
  return { current: files.slice(0, archives.length), previous: files.slice(archives.length) }
}

function summarize(
  archives: readonly Archive[],
  { source }: Build,
  checked: readonly string[],
  previous: PreviousRelease | undefined,
  { summary }: ActionDeps,
): void {
  const [first] = archives
  const what =
    archives.length === 1 && first !== undefined
      ? `${first.name} ${first.version}`
      : counted(archives.length, 'solution archive')
  summary.outcome('done', `Fetched ${what}`, [
    `from ${source}`,
    checked.length === 0 ? 'no checksum was asked for' : `as built, by ${checked.join(' and ')}`,
    ...(previous === undefined ? [] : [`previous release ${previous.tag}`]),
  ])
  summary.table(
    ['Solution', 'Version', 'Kind', 'File', 'sha256'],
    archives.map(({ name, version, managed, path, sha256 }) => [
      name,
      version,
      managed ? 'managed' : 'unmanaged',
      { code: path },
      { code: sha256 },
    ]),
  )
}
