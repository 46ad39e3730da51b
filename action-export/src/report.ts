import { basename } from 'node:path'
import type { ActionDeps } from '@dsa/action-kit'
import type { TakenSolution } from './exported-archive.ts'

export function summarize(
  { uniqueName, version, previousVersion = version, pipelinesArtifact, archives }: TakenSolution,
  environment: string,
  { summary }: ActionDeps,
): void {
  const host = new URL(environment).host
  summary.outcome(
    'done',
    pipelinesArtifact === undefined
      ? `Exported ${uniqueName} ${version} from ${host}`
      : `Took ${uniqueName} ${version} from a pipeline of ${host}`,
    [
      ...(pipelinesArtifact === undefined ? [] : [`deployment artifact ${pipelinesArtifact}`]),
      ...(version === previousVersion ? [] : [`version set from ${previousVersion} to ${version}`]),
      ...archives.map(({ path, sha256 }) => `${basename(path)} sha256 ${sha256.slice(0, 8)}…`),
    ],
  )
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
