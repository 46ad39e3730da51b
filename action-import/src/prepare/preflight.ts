import {
  findSolutions,
  isBuiltInSolution,
  listSolutions,
  solutionNamed,
  standing,
} from '@dsa/dataverse-client'
import type { AsyncOperation, DataverseClient, StageResult } from '@dsa/dataverse-client'
import { compareVersions } from '@dsa/solution-package'
import type { Archive } from '../look/archive.ts'
import { missingSuppliers, supplierLine } from '../look/missing-dependencies.ts'
import type { SettingsPlan } from '../settings/settings-plan.ts'
import { findingLines } from './findings.ts'
import type { Finding } from './findings.ts'

export interface PreflightOptions {
  readonly archive: Archive
  readonly staged: StageResult
  readonly plan: SettingsPlan
  /** Missing product updates are not counted as errors; only the import can tell which ones they are. */
  readonly skipProductUpdateDependencies: boolean
}

/** Code of a staging that found dependencies missing. */
export const MISSING_DEPENDENCIES = '0x8004801d'

/** Everything at once that the staged archive and the environment tell before anything is changed. */
export async function preflight(
  client: DataverseClient,
  options: PreflightOptions,
): Promise<readonly Finding[]> {
  return [
    ...stageFindings(options),
    ...(await olderSolutions(client, options.archive)),
    ...settingFindings(options.plan),
  ]
}

function error(text: string): Finding {
  return { level: 'error', text }
}
function warning(text: string): Finding {
  return { level: 'warning', text }
}

function stageFindings({ staged, skipProductUpdateDependencies }: PreflightOptions): readonly Finding[] {
  const warnings = staged.findings
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => warning(message))
  if (staged.passed) return warnings
  const onlyMissing =
    staged.missingDependencies.length > 0 &&
    staged.findings.every(({ level, code }) => level !== 'error' || code === MISSING_DEPENDENCIES)
  const level = skipProductUpdateDependencies && onlyMissing ? warning : error
  const reasons = findingLines(staged.findings).map(level)
  const missing = missingSuppliers(staged.missingDependencies).map((one) => ({
    ...level(`${supplierLine(one)}.`),
    listed: true,
  }))
  const all = [...warnings, ...reasons, ...missing]
  return all.length === 0 ? [error('The environment refuses the archive and gives no reason.')] : all
}

/** Solutions that the archive was built on and that are older here: the import may pass and the result not work. */
async function olderSolutions(client: DataverseClient, { manifest }: Archive): Promise<readonly Finding[]> {
  const wanted = new Map<string, string>()
  for (const { required } of manifest.missingDependencies) {
    const [, name, version] = /^(\w+) \(([\d.]+)\)$/.exec(required.attributes['solution'] ?? '') ?? []
    if (name === undefined || version === undefined) continue
    const known = wanted.get(name)
    if (known === undefined || compareVersions(version, known) > 0) wanted.set(name, version)
  }
  if (wanted.size === 0) return []
  const found = await findSolutions(client, [...wanted.keys()])
  return [...wanted].flatMap(([name, version]) => {
    const here = solutionNamed(found, name)
    // What is absent is told by the staging, which also knows when another solution supplies the component.
    if (here === undefined || compareVersions(here.version, version) >= 0) return []
    return [
      warning(
        `The solution '${name}' is ${here.version} here, and the archive was built on ${version}. Update it first.`,
      ),
    ]
  })
}

/** What is wrong with settings, and what would have none. */
export function settingFindings({
  findings,
  unboundReferences,
  emptyVariables,
}: Pick<SettingsPlan, 'findings' | 'unboundReferences' | 'emptyVariables'>): readonly Finding[] {
  return [
    ...findings,
    ...unboundReferences.map((name) => ({
      ...warning(
        `The connection reference '${name}' has no connection; flows that use it stay off. Give one in 'connection-references' or 'deployment-settings-file'.`,
      ),
      about: 'missing-settings' as const,
    })),
    ...emptyVariables.map((name) => ({
      ...warning(
        `The environment variable '${name}' has neither a default nor a value. Give one in 'environment-variables' or 'deployment-settings-file'.`,
      ),
      about: 'missing-settings' as const,
    })),
  ]
}

/** What runs in the environment now, for the report of a check; an import waits for it. */
export function operationFindings(unfinished: readonly AsyncOperation[]): readonly Finding[] {
  return unfinished.map((operation) => warning(`An import would wait: ${standing(operation)}`))
}

/** What no look can tell beforehand. */
export const BEYOND_CHECKING = [
  'whether each connection may be used by the application user (it shows when a flow is switched on)',
]

/** Unmanaged solutions do not belong into production; those that every environment has do not count. */
export async function unmanagedInProduction(client: DataverseClient): Promise<readonly Finding[]> {
  const all = await listSolutions(client)
  return all
    .filter((solution) => !solution.isManaged && !isBuiltInSolution(solution))
    .map(({ uniqueName, version }) =>
      warning(
        `The production environment has the unmanaged solution '${uniqueName}' ${version}. Changes are made in a development environment, and come here managed.`,
      ),
    )
}
