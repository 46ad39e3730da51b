import { COMPONENTS } from '../../model/components.ts'
import type { RootComponent, SolutionManifest } from '../../manifest.ts'
import { componentKeys } from '../../pack/root-components.ts'
import { openZip, ZipError } from '../../zip/index.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const ASSEMBLY_TYPE = String(COMPONENTS.plugInAssembly.type)
const PROCESS_TYPE = String(COMPONENTS.process.type)
const SHELL_ONLY = '2'

/** Says why an export may have left out a component that it lists, or nothing where somebody must have deleted it. */
export type LeftOutReason = (root: RootComponent) => string | undefined

/**
 * Exports list components whose content they do not write: seen in genuine exports of public repositories, managed ones
 * of the publisher's own prefix included.
 */
export function leftOutByExport(source: SourceUnderCheck): LeftOutReason {
  const { manifest } = source
  let missing: ReadonlyMap<string, string> | undefined
  const inPackage = assembliesInPackages(source)
  const tables = tablesOfProcesses(manifest)
  return (root) => {
    const suppliers = (missing ??= missingComponents(manifest))
    const supplier = componentKeys(root).find((key) => suppliers.has(key))
    if (supplier !== undefined) {
      return `MissingDependencies names it as part of ${suppliers.get(supplier)}, which has to be in the environment`
    }
    if (root.type === ASSEMBLY_TYPE && inPackage(root)) return 'its assembly lies in a plug-in package'
    const prefix = prefixOf((root.type === PROCESS_TYPE && tables.get(hexOf(root.id))) || root)
    if (prefix !== undefined && prefix !== manifest.publisher.prefix.toLowerCase()) {
      return `its prefix ${prefix}_ is not the publisher's, so it belongs to another solution`
    }
    if (manifest.managed === 'Managed') return 'a managed export leaves out what other solutions bring'
    if (root.behavior === SHELL_ONLY) return 'it is included as a shell only'
    return undefined
  }
}

/** Components that the environment of the export had from other solutions, with the names of those. */
function missingComponents({ uniqueName, missingDependencies }: SolutionManifest): Map<string, string> {
  const suppliers = new Map<string, string>()
  for (const { required } of missingDependencies) {
    const { schemaName, id, solution = '' } = required.attributes
    const name = solution.replace(/ \([^()]*\)$/, '')
    if (name.toLowerCase() === uniqueName.toLowerCase()) continue
    const named = { type: required.type, ...(schemaName && { schemaName }), ...(id && { id }) }
    // A component that is named by its label alone is none that a root component could be.
    if (!('schemaName' in named) && !('id' in named)) continue
    for (const key of componentKeys(named)) suppliers.set(key, name === '' ? 'another solution' : `'${name}'`)
  }
  return suppliers
}

/** The prefix of a component's name; full names of assemblies have none. */
function prefixOf({ schemaName }: RootComponent): string | undefined {
  return /^([a-z][a-z0-9]{1,7})_[^,]*$/i.exec(schemaName ?? '')?.[1]?.toLowerCase()
}

/**
 * A process has no name with a prefix, but the table of a business process flow has one, and the flow's id:
 * `msdyn_bpf_665e73aa18c247d886bfc50499c73b82`. Exports leave out a flow of another solution that nobody changed.
 */
function tablesOfProcesses({ rootComponents }: SolutionManifest): Map<string, RootComponent> {
  return new Map(
    rootComponents.flatMap((table) => {
      const id = /_bpf_([0-9a-f]{32})$/i.exec(table.schemaName ?? '')?.[1]
      return id === undefined ? [] : [[id.toLowerCase(), table] as const]
    }),
  )
}

function hexOf(id = ''): string {
  return id.replace(/[{}-]/g, '').toLowerCase()
}

/** Whether an assembly lies in a plug-in package; one that cannot be read may hold it. */
function assembliesInPackages(source: SourceUnderCheck): (root: RootComponent) => boolean {
  const packages = source.paths.filter((path) => /^pluginpackages\/.*\.nupkg$/i.test(path))
  let files: readonly string[] | 'not known' | undefined
  return ({ schemaName }) => {
    if (packages.length === 0) return false
    files ??= filesOf(packages, source)
    const name = schemaName?.split(',', 1)[0]
    return (
      files === 'not known' ||
      name === undefined ||
      files.some((file) => file.endsWith(`/${name.toLowerCase()}.dll`))
    )
  }
}

function filesOf(packages: readonly string[], source: SourceUnderCheck): readonly string[] | 'not known' {
  try {
    return packages.flatMap((path) =>
      openZip(source.read(path), { label: path }).map(({ name }) => name.toLowerCase()),
    )
  } catch (error) {
    if (error instanceof ZipError) return 'not known'
    throw error
  }
}
