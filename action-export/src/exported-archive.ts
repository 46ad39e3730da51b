import { createHash } from 'node:crypto'
import {
  openPackage,
  openZip,
  type PackageParts,
  readManifest,
  VALUES_OF_ALL,
  variableValues,
} from '@dsa/solution-package'
import type { OutputFile } from './output-files.ts'

/** A solution with the archives that are to be written. */
export interface TakenSolution {
  readonly uniqueName: string
  readonly version: string
  /** What it was before the step; undefined where the step could not change it. */
  readonly previousVersion?: string
  /** The deployment artifact that it was taken from. */
  readonly pipelinesArtifact?: string
  readonly archives: readonly ExportedArchive[]
}

export interface ExportedArchive extends OutputFile {
  /** The archive exactly as the environment has it. */
  readonly bytes: Uint8Array
  /** Of the export; undefined where there was none. */
  readonly asyncOperationId?: string
  readonly sha256: string
  /** Version in the archive itself. */
  readonly version: string
  /** Schema names of environment variables whose current value travels with the archive. */
  readonly currentValues: readonly string[]
}

/** @throws ZipError or SolutionError when what was downloaded is no solution archive */
export function inspectArchive(
  file: OutputFile,
  exported: Pick<ExportedArchive, 'bytes' | 'asyncOperationId'>,
  label = file.managed ? 'the managed export' : 'the unmanaged export',
): ExportedArchive {
  const parts = openPackage(openZip(exported.bytes, { label }), label)
  return {
    ...file,
    ...exported,
    sha256: createHash('sha256').update(exported.bytes).digest('hex'),
    version: readManifest(parts).version,
    currentValues: currentValues(parts),
  }
}

/** The export puts the value of an environment variable into a file of its own when its row is in the solution. */
function currentValues(parts: PackageParts): readonly string[] {
  return parts.paths
    .map(variableValues)
    .flatMap((values) => (values === undefined ? [] : (values.schemaName ?? VALUES_OF_ALL)))
}
