import { createHash } from 'node:crypto'
import type { ExportedSolution } from '@dsa/dataverse-client'
import {
  openPackage,
  openZip,
  type PackageParts,
  readManifest,
  VALUES_OF_ALL,
  variableValues,
} from '@dsa/solution-package'
import type { OutputFile } from './output-files.ts'

export interface ExportedArchive extends OutputFile, ExportedSolution {
  readonly sha256: string
  /** Version in the archive itself. */
  readonly version: string
  /** Schema names of environment variables whose current value travels with the archive. */
  readonly currentValues: readonly string[]
}

/** @throws ZipError or SolutionError when what was downloaded is no solution archive */
export function inspectArchive(file: OutputFile, exported: ExportedSolution): ExportedArchive {
  const label = file.managed ? 'the managed export' : 'the unmanaged export'
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
