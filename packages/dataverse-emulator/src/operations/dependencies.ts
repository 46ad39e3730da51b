import type { Row } from '../store/row.ts'
import { text } from '../store/value.ts'
import type { Call } from '../odata/call.ts'
import { refuse } from '../odata/errors.ts'
import {
  dependencyRow,
  knownDependencies,
  unmetDependencies,
  type KnownDependency,
  type KnownEnd,
} from '../solutions/dependencies/dependencies.ts'
import { componentsThatVanish } from '../solutions/remove.ts'
import { readArchive } from '../solutions/archive/read-archive.ts'
import { findSolution, patchesOf } from '../solutions/solution-row.ts'
import { archivesOf } from '../solutions/archive/archives.ts'
import { EMPTY_GUID, normalizeGuid, stableGuid } from '../stable-id.ts'
import {
  bytesOf,
  guidOf,
  required,
  textOf,
  type Arguments,
  type Operation,
  type Parameter,
} from './operation.ts'

const OBJECT: readonly Parameter[] = [
  required('ObjectId', 'Edm.Guid'),
  required('ComponentType', 'Edm.Int32'),
]
const SOLUTION: readonly Parameter[] = [required('SolutionUniqueName', 'Edm.String')]
const ROWS = 'Collection(mscrm.dependency)'

type Selector = (input: Arguments, call: Call) => readonly KnownDependency[]

function isEnd(end: KnownEnd, input: Arguments): boolean {
  return end.objectId === guidOf(input, 'ObjectId') && end.type === input['ComponentType']
}

function dependentsOf(input: Arguments, { environment }: Call): readonly KnownDependency[] {
  return knownDependencies(environment).filter(({ required: end }) => isEnd(end, input))
}

function requiredBy(input: Arguments, { environment }: Call): readonly KnownDependency[] {
  return knownDependencies(environment).filter(({ dependent }) => isEnd(dependent, input))
}

/** What hinders uninstalling: dependencies of others on components that would go. */
function forUninstall(solution: Row | undefined, call: Call): readonly KnownDependency[] {
  if (solution === undefined) throw refuse('noSuchKey', 'solution')
  const { environment } = call
  const names = new Set([solution, ...patchesOf(environment, solution)].map((row) => text(row, 'uniquename')))
  const vanishing = new Set(componentsThatVanish(environment, names).map(({ component }) => component))
  return knownDependencies(environment).filter(
    ({ required: needed, dependent }) => vanishing.has(needed.key) && !vanishing.has(dependent.key),
  )
}

const TYPE_NAMES = { 0: 'None', 1: 'Solution Internal', 2: 'Published', 4: 'Unpublished' } as const

/** A dependency in the form of the functions "WithMetadata". */
function withMetadata(dependency: KnownDependency, call: Call): object {
  return {
    ...described('required', dependency.required, call),
    ...described('dependent', dependency.dependent, call),
    dependencyid: dependency.id,
    dependencytype: dependency.kind,
    dependencytypename: TYPE_NAMES[dependency.kind],
    isdependencyremovalenabled: false,
    dependentcomponententitysetname:
      call.environment.tableNamed(dependency.dependent.typeName.toLowerCase())?.entitySet ?? null,
    dependentcomponententitylogicalname: dependency.dependent.typeName.toLowerCase(),
    requiredcomponententitylogicalname: dependency.required.typeName.toLowerCase(),
  }
}

function described(side: 'required' | 'dependent', end: KnownEnd, call: Call): object {
  const solution = call.environment.store.get('solution', end.baseSolution)
  return {
    [`${side}componentobjectid`]: end.objectId,
    [`${side}componentdisplayname`]: end.displayName,
    [`${side}componenttype`]: end.type,
    [`${side}componentname`]: end.name,
    [`${side}componenttypename`]: end.typeName,
    [`${side}componentbasesolutionid`]: end.baseSolution,
    [`${side}componentbasesolutionname`]: text(solution, 'friendlyname'),
    [`${side}componentbasesolutionuniquename`]: text(solution, 'uniquename'),
    [`${side}componentbasesolutionversion`]: text(solution, 'version'),
    // Only the required side tells its parent.
    ...(side === 'required'
      ? { requiredcomponentparentid: end.parentId, requiredcomponentparentdisplayname: null }
      : {}),
  }
}

function rows(name: string, parameters: readonly Parameter[], select: Selector): Operation {
  return {
    name,
    kind: 'function',
    parameters,
    returns: ROWS,
    handle: (input, call) => select(input, call).map(dependencyRow),
  }
}

/** The newer functions wrap their rows and have no `value`. */
function metadata(name: string, parameters: readonly Parameter[], select: Selector): Operation {
  return {
    name,
    kind: 'function',
    parameters,
    returns: `${name}Response`,
    handle: (input, call) => ({
      DependencyMetadataCollection: {
        DependencyMetadataInfoCollection: select(input, call).map((item) => withMetadata(item, call)),
      },
    }),
  }
}

/** What an installed solution lacks of what it needs: in other solutions, in none, or no longer in the environment. */
function missingRows(input: Arguments, call: Call): readonly Row[] {
  const name = textOf(input, 'SolutionUniqueName')
  const solution = findSolution(call.environment, name)
  if (solution === undefined) throw refuse('noSuchKey', 'solution')
  return [...elsewhere(solution, call), ...notThere(name, call)]
}

function elsewhere(solution: Row, { environment }: Call): readonly Row[] {
  const own = environment.store
    .rows('solutioncomponent')
    .filter((row) => row['solutionid'] === solution['solutionid'])
  const members = new Set(own.map((row) => text(row, '(component)')))
  return knownDependencies(environment)
    .filter(({ dependent, required: { key } }) => members.has(dependent.key) && !members.has(key))
    .map(dependencyRow)
}

function notThere(name: string, call: Call): readonly Row[] {
  const archives = archivesOf(call.environment, name)
  const archive = archives.unmanaged ?? archives.managed
  if (archive === undefined) return []
  return unmetDependencies(call.environment, readArchive(archive)).map(
    ({ required: needed, dependent }, index) => ({
      dependencyid: stableGuid('missing', name, String(index)),
      dependentcomponentobjectid: normalizeGuid(dependent['id']) ?? EMPTY_GUID,
      dependentcomponenttype: Number(dependent['type']) || 0,
      dependentcomponentbasesolutionid: EMPTY_GUID,
      dependentcomponentparentid: EMPTY_GUID,
      requiredcomponentobjectid: normalizeGuid(needed['id']) ?? EMPTY_GUID,
      requiredcomponenttype: Number(needed['type']) || 0,
      requiredcomponentbasesolutionid: EMPTY_GUID,
      requiredcomponentparentid: EMPTY_GUID,
      requiredcomponentintroducedversion: 0,
      dependencytype: 2,
      requiredcomponentnodeid: null,
      dependentcomponentnodeid: null,
    }),
  )
}

/** Rows for uninstalling lack two columns that the others have. */
function uninstallRow(dependency: KnownDependency): object {
  const {
    dependencyid: _id,
    requiredcomponentintroducedversion: _version,
    requiredcomponentnodeid,
    dependentcomponentnodeid,
    ...row
  } = dependencyRow(dependency)
  return {
    ...row,
    _requiredcomponentnodeid_value: requiredcomponentnodeid,
    _dependentcomponentnodeid_value: dependentcomponentnodeid,
  }
}

export const DEPENDENCY_OPERATIONS: readonly Operation[] = [
  rows('RetrieveDependentComponents', OBJECT, dependentsOf),
  rows('RetrieveRequiredComponents', OBJECT, requiredBy),
  rows('RetrieveDependenciesForDelete', OBJECT, dependentsOf),
  {
    name: 'RetrieveDependenciesForUninstall',
    kind: 'function',
    parameters: SOLUTION,
    returns: 'Collection(mscrm.crmbaseentity)',
    handle: (input, call) => ({
      value: forUninstall(findSolution(call.environment, textOf(input, 'SolutionUniqueName')), call).map(
        uninstallRow,
      ),
    }),
  },
  {
    name: 'RetrieveMissingDependencies',
    kind: 'function',
    parameters: SOLUTION,
    returns: ROWS,
    handle: missingRows,
  },
  metadata('RetrieveDependentComponentsWithMetadata', OBJECT, dependentsOf),
  metadata('RetrieveRequiredComponentsWithMetadata', OBJECT, requiredBy),
  metadata('RetrieveDependenciesForDeleteWithMetadata', OBJECT, dependentsOf),
  metadata(
    'RetrieveDependenciesForUninstallWithMetadata',
    [required('SolutionId', 'Edm.Guid')],
    (input, call) =>
      forUninstall(call.environment.store.get('solution', guidOf(input, 'SolutionId') ?? ''), call),
  ),
  {
    name: 'RetrieveMissingComponents',
    kind: 'function',
    parameters: [required('CustomizationFile', 'Edm.Binary')],
    returns: 'RetrieveMissingComponentsResponse',
    handle: (input, call) => ({
      MissingComponents: unmetDependencies(
        call.environment,
        readArchive(bytesOf(input, 'CustomizationFile') ?? new Uint8Array()),
      ).map(({ required: needed, dependent }) => ({
        RequiredComponent: componentDetail(needed),
        DependentComponent: componentDetail(dependent),
      })),
    }),
  },
]

function componentDetail(end: Readonly<Record<string, string>>): object {
  return {
    Type: Number(end['type']) || 0,
    Id: normalizeGuid(end['id']) ?? EMPTY_GUID,
    SchemaName: end['schemaName'] ?? null,
    DisplayName: end['displayName'] ?? null,
    ParentSchemaName: end['parentSchemaName'] ?? null,
    ParentDisplayName: end['parentDisplayName'] ?? null,
    ParentId: EMPTY_GUID,
    Solution: end['solution'] ?? null,
  }
}
