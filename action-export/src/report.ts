import { basename } from 'node:path'
import type { ActionDeps } from '@dsa/action-kit'
import type { Solution } from '@dsa/dataverse-client'
import type { ExportedArchive } from './exported-archive.ts'

export interface Report {
  readonly solution: Solution
  readonly previousVersion: string
  readonly archives: readonly ExportedArchive[]
  readonly environment: string
}

export function summarize(
  { solution, previousVersion, archives, environment }: Report,
  { summary }: ActionDeps,
): void {
  const { uniqueName, version } = solution
  summary.outcome('done', `Exported ${uniqueName} ${version}`)
  summary.text(
    version === previousVersion
      ? `From ${environment}.`
      : `From ${environment}, where the version was set from ${previousVersion} to ${version}.`,
  )
  summary.table(
    ['Archive', 'Type', 'Bytes', 'SHA-256'],
    archives.map(({ path, managed, bytes, sha256 }) => [
      basename(path),
      managed ? 'Managed' : 'Unmanaged',
      bytes.length,
      { code: sha256 },
    ]),
  )
  const values = [...new Set(archives.flatMap(({ currentValues }) => currentValues))].toSorted()
  if (values.length > 0) {
    summary.text('Environment variables whose current value is in the archive:')
    summary.list(values)
  }
}
