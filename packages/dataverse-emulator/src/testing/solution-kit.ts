import { makeArchive, type SolutionSketch } from './solution-archive.ts'
import { type Answer, type Kit } from './with-emulator.ts'

export const FLOW = '8e7e2a3d-4ec4-4b6b-956f-8655d564aca5'
export const VIEW = '1b7e1b51-0000-4a1e-8a8a-111111111111'
export const FORM = '51c4523a-8841-47a8-adf2-2ce2a706b646'

export async function file(sketch: SolutionSketch): Promise<string> {
  return Buffer.from(await makeArchive(sketch)).toString('base64')
}

export interface How {
  readonly action?: string
  readonly environment?: string
  readonly options?: Readonly<Record<string, unknown>>
}

/** Imports as a job and lets it come to its end; answers with the system job's row. */
async function importJob(
  kit: Kit,
  sketch: SolutionSketch,
  { action = 'ImportSolutionAsync', environment = 'prod', options = {} }: How = {},
) {
  const body = {
    CustomizationFile: await file(sketch),
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: false,
    ...options,
  }
  const { AsyncOperationId: id, ImportJobKey: key } = await kit.done(environment, 'POST', action, body)
  await kit.finishJobs()
  const job = await kit.done(environment, 'GET', `asyncoperations(${String(id)})`)
  return { job, key: String(key) }
}

export async function succeeded(kit: Kit, sketch: SolutionSketch, how: How = {}) {
  const { job, key } = await importJob(kit, sketch, how)
  expect([job['statuscode'], job['message']]).toEqual([30, null])
  return key
}

export async function failed(kit: Kit, sketch: SolutionSketch, how: How = {}) {
  const { job, key } = await importJob(kit, sketch, how)
  expect(job['statuscode']).toBe(31)
  return {
    code: `0x${(Number(job['errorcode']) >>> 0).toString(16).padStart(8, '0')}`,
    message: String(job['message']),
    key,
  }
}

export async function solutions(kit: Kit, environment = 'prod'): Promise<Record<string, string>> {
  const rows = await kit.rows(environment, 'solutions?$select=uniquename,version&$orderby=uniquename')
  const own = rows.filter(
    (row) => !/^(Active|Basic|Default|System|Cr[0-9a-f]{5})$/.test(String(row['uniquename'])),
  )
  return Object.fromEntries(own.map((row) => [String(row['uniquename']), String(row['version'])]))
}

export async function uninstall(kit: Kit, uniqueName: string, environment = 'prod'): Promise<Answer> {
  const [row] = await kit.rows(environment, `solutions?$filter=uniquename eq '${uniqueName}'`)
  return kit.ask(environment, 'DELETE', `solutions(${String(row?.['solutionid'])})`)
}

export function layersOf(kit: Kit, type: string, id: unknown) {
  return kit.rows(
    'prod',
    `msdyn_componentlayers?$filter=(msdyn_componentid eq '${String(id)}' and msdyn_solutioncomponentname eq '${type}')&$orderby=msdyn_order`,
  )
}

export async function resourceId(kit: Kit, name: string, environment = 'prod'): Promise<string> {
  const [row] = await kit.rows(environment, `webresourceset?$select=webresourceid&$filter=name eq '${name}'`)
  return String(row?.['webresourceid'])
}

export const BASE: SolutionSketch = {
  uniqueName: 'Orders',
  managed: true,
  tables: { new_Order: ['new_name', 'new_note'] },
  webResources: { 'new_/a.js': 'one' },
}

export function patch(version: string): SolutionSketch {
  return {
    uniqueName: `Orders_Patch_${version.replaceAll('.', '')}`,
    version,
    managed: true,
    webResources: { 'new_/p.js': version },
  }
}

export const NEEDS_TABLE =
  '<MissingDependency><Required key="1" type="1" schemaName="new_order" displayName="Order" solution="Orders (1.0.0.0)" /><Dependent key="2" type="61" schemaName="new_/b.js" displayName="b" id="{26f55d21-04c6-443f-806c-8defed5daa9f}" /></MissingDependency>'
export const DEPENDENT: SolutionSketch = {
  uniqueName: 'Dependent',
  managed: true,
  webResources: { 'new_/b.js': 'b' },
  missingDependencies: NEEDS_TABLE,
}

export function needs(name: string, solution: string) {
  return NEEDS_TABLE.replace('new_order', name).replace('Orders (1.0.0.0)', solution)
}
