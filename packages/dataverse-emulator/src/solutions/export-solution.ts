import type { Row } from '../store/row.ts'
import { asText, text } from '../store/value.ts'
import { randomUUID } from 'node:crypto'
import type { Environment } from '../environment.ts'
import { refuse } from '../odata/errors.ts'
import { archivesOf, editArchive } from './archive/archives.ts'
import { componentType } from './layers/component-types.ts'
import { packageOf } from './archive/zip.ts'
import { emptyCustomizations, solutionManifest } from './archive/new-archive.ts'
import { layersOf } from './layers/layers.ts'
import { findSolution, newRow, storeRow, type Actor } from './solution-row.ts'

const RESTRICTED = new Set(['default', 'active', 'system', 'basic'])

/**
 * Exports an unmanaged solution: the archive that it came from, with the version that it has now. The managed kind
 * is the managed build that was seeded beside it, else the unmanaged archive declared managed.
 * @throws ApiError `0x80048037`, `0x80048036`, `0x80048048`
 */
export async function exportSolution(
  environment: Environment,
  uniqueName: string,
  managed: boolean,
): Promise<Uint8Array> {
  const solution = findSolution(environment, uniqueName)
  if (RESTRICTED.has(uniqueName.toLowerCase())) throw refuse('exportDefault')
  if (solution === undefined) throw refuse('exportMissing')
  if (solution['ismanaged'] === true) throw refuse('exportManaged')
  const version = text(solution, 'version')
  const known = archivesOf(environment, uniqueName)
  const base = (managed ? known.managed : undefined) ?? known.unmanaged
  if (base === undefined) return newArchive(environment, solution, managed)
  const rootComponents =
    solution['(rootsedited)'] === true ? rootComponentsOf(environment, solution) : undefined
  return editArchive(base, { version, managed, ...(rootComponents === undefined ? {} : { rootComponents }) })
}

/** A solution that was made here has no archive yet: its manifest and an empty customizations.xml make one. */
async function newArchive(environment: Environment, solution: Row, managed: boolean): Promise<Uint8Array> {
  const publisher = environment.store.get('publisher', text(solution, 'publisherid')) ?? {}
  const rootComponents = rootComponentsOf(environment, solution)
  const manifest = solutionManifest({ solution, publisher, managed, rootComponents })
  return packageOf([
    { path: 'solution.xml', bytes: Buffer.from(manifest) },
    { path: 'customizations.xml', bytes: Buffer.from(emptyCustomizations()) },
  ])
}

function rootComponentsOf(environment: Environment, solution: Row): string {
  const roots = environment.store.filter(
    'solutioncomponent',
    (row) => row['solutionid'] === solution['solutionid'] && row['rootcomponentbehavior'] !== null,
  )
  const lines = roots.flatMap((row) => {
    const layer = layersOf(environment, text(row, '(component)'))[0]
    if (layer === undefined) return []
    const type = componentType(environment, layer.typeName)
    const name = layer.component.endsWith(layer.objectId)
      ? `id="{${layer.objectId}}"`
      : `schemaName="${layer.schemaName}"`
    return type > 10_000
      ? []
      : [`      <RootComponent type="${type}" ${name} behavior="${asText(row['rootcomponentbehavior'])}" />`]
  })
  return lines.length === 0
    ? '<RootComponents />'
    : `<RootComponents>\n${lines.join('\n')}\n    </RootComponents>`
}

/** Keeps an exported archive until it is fetched by its export job id. */
export function keepExport(actor: Actor, exportJobId: string, uniqueName: string, bytes: Uint8Array): void {
  const name = `${uniqueName}.zip`
  const row = newRow(actor, 'exportsolutionupload', {
    exportsolutionuploadid: exportJobId,
    name,
    solutionfile: randomUUID(),
    solutionfile_name: name,
  })
  storeRow(actor.environment, 'exportsolutionupload', row)
  actor.environment.store.files.put(`exportsolutionupload/${exportJobId}/solutionfile`, {
    name,
    content: bytes,
  })
}
