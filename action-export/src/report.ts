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
  const was = version === previousVersion ? [] : [`version set from ${previousVersion} to ${version}`]
  summary.outcome('done', `Exported ${uniqueName} ${version} from ${new URL(environment).host}`, [
    ...was,
    ...archives.map(({ path, sha256 }) => `${basename(path)} sha256 ${sha256.slice(0, 8)}…`),
  ])
  const values = [...new Set(archives.flatMap(({ currentValues }) => currentValues))].toSorted()
  if (values.length > 0) {
    summary.heading(`Environment variables whose current value is in the archive (${values.length})`)
    summary.list(values)
  }
  summary.folded('Details', (body) => {
    body.facts([['Environment', environment]])
    body.table(
      ['Archive', 'Type', 'Bytes', 'sha256'],
      archives.map(({ path, managed, bytes, sha256 }) => [
        basename(path),
        managed ? 'Managed' : 'Unmanaged',
        bytes.length,
        { code: sha256 },
      ]),
    )
  })
}
