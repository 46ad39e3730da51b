import { legacyCanvasFolder } from '../../legacy-canvas.ts'
import { SolutionError } from '../../solution-error.ts'
import type { MissingFile } from './packing.ts'

/** The usual cause, and the way out. */
const ADVICE =
  'Was the folder unpacked by pac before 1.29.6, or by an older version of these actions? Then export and unpack the solution again. Otherwise restore the file: .gitignore or a sparse checkout may have left out what a build makes.'

/**
 * What is wrong, without the place.
 * @param paths all of the folder
 */
export function describeMissing({ path, at }: MissingFile, paths: readonly string[]): string {
  return `<${at.name}> names ${path}, which is not in the folder, and an import refuses an archive without it. ${adviceFor([path], paths)}`
}

function adviceFor(missing: readonly string[], paths: readonly string[]): string {
  const legacy = missing.some((path) => /\.msapp$/i.test(path)) ? legacyCanvasFolder(paths) : undefined
  return legacy === undefined
    ? ADVICE
    : `${legacy} is source that process-canvas-apps made, which its vendor withdrew; no app can be made of it here. Export the solution again, commit the .msapp file that unpacking gives, and delete ${legacy}.`
}

/** Each missing file with the place that names it. */
export function listMissing(missing: readonly MissingFile[]): string[] {
  return missing.map(({ path, at }) => {
    const { line, column } = at.position
    return `${at.file}, line ${line}, column ${column}: <${at.name}> names ${path}, which is not in the folder`
  })
}

/** @throws SolutionError that lists the files, if there are any */
export function refuseMissing(missing: readonly MissingFile[], paths: readonly string[]): void {
  const lines = listMissing(missing)
  if (lines.length > 0)
    throw new SolutionError(
      `${[...new Set(lines)].join('.\n')}.\n${adviceFor(
        missing.map(({ path }) => path),
        paths,
      )}`,
    )
}
