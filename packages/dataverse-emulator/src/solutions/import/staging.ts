import type { Value } from '../../store/row.ts'
import { asText, text } from '../../store/value.ts'
import { randomUUID } from 'node:crypto'
import type { Call } from '../../odata/call.ts'
import { ApiError, refuse, signedCode } from '../../odata/errors.ts'
import { EMPTY_GUID, normalizeGuid } from '../../stable-id.ts'
import { archiveFaults } from '../archive/check-archive.ts'
import { checkImport } from './import-solution.ts'
import { endKey, isProductUpdate, unmetDependencies } from '../dependencies/dependencies.ts'
import {
  patchedSolution,
  type ArchiveContent,
  type Component,
  type DependencyEnd,
} from '../archive/content.ts'
import { layersByComponent } from '../layers/layers.ts'
import { readArchive } from '../archive/read-archive.ts'
import { holdingOf } from '../remove.ts'
import { findSolution, newRow, patchesOf, storeRow } from '../solution-row.ts'

/** Uploads can be used for a day. */
const LIFETIME_MS = 24 * 60 * 60 * 1000
const TABLE = 'stagesolutionupload'

interface Finding {
  readonly SolutionValidationResultType: 'Error' | 'Warning' | 'Information'
  readonly Message: string
  readonly ErrorCode: number
  readonly AdditionalInfo: string | null
}

/** Validates an archive and keeps it for an import. What is wrong with it is in the answer; the status is 200. */
export function stageSolution(bytes: Uint8Array, call: Call): object {
  let content: ArchiveContent
  try {
    content = readArchive(bytes)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return results(EMPTY_GUID, [finding(error)], NO_DETAILS, [], [])
  }
  const findings = [...archiveFaults(bytes).map(finding), ...validate(content, call)]
  const id = findings.some(({ SolutionValidationResultType: type }) => type === 'Error')
    ? EMPTY_GUID
    : keepUpload(bytes, content, call)
  return results(
    id,
    findings,
    details(content, call),
    missing(content, call),
    componentDetails(content, call),
  )
}

function results(
  id: string,
  findings: readonly Finding[],
  solution: object,
  dependencies: readonly object[],
  components: readonly object[],
): object {
  return {
    StageSolutionResults: {
      StageSolutionUploadId: id,
      StageSolutionStatus: id === EMPTY_GUID ? 'Failed' : 'Passed',
      SolutionComponentsDetails: components,
      SolutionDetails: solution,
      MissingDependencies: dependencies,
      SolutionValidationResults: findings,
    },
  }
}

function finding(error: ApiError): Finding {
  return {
    SolutionValidationResultType: 'Error',
    Message: error.message,
    ErrorCode: signedCode(error.code),
    AdditionalInfo: null,
  }
}

function validate(content: ArchiveContent, call: Call): readonly Finding[] {
  try {
    checkImport(call, content, { holding: false, upgrade: false, skipProductUpdates: false })
    return []
  } catch (error) {
    if (error instanceof ApiError) return [finding(error)]
    throw error
  }
}

function keepUpload(bytes: Uint8Array, content: ArchiveContent, call: Call): string {
  const id = randomUUID()
  const name = `${content.uniqueName}.zip`
  const row = newRow(call, TABLE, {
    stagesolutionuploadid: id,
    name,
    solutionuniquename: content.uniqueName,
    solutionfilename: name,
    solutionfile: id,
    solutionfile_name: name,
  })
  storeRow(call.environment, TABLE, row)
  call.environment.store.files.put(`${TABLE}/${id}/solutionfile`, {
    name,
    content: bytes,
    expires: call.now + LIFETIME_MS,
  })
  return id
}

/**
 * The archive behind an upload id.
 * @throws ApiError `0x8004f066` for one that is unknown, all zeros or out of date
 */
export function stagedArchive(id: string, call: Call): Uint8Array {
  const file = call.environment.store.files.get(`${TABLE}/${id}/solutionfile`)
  const isThere = call.environment.store.get(TABLE, id) !== undefined
  if (!isThere || file === undefined || (file.expires ?? Infinity) < call.now)
    throw refuse('badStageUpload', id)
  return file.content
}

const NO_DETAILS = {
  SolutionUniqueName: null,
  SolutionFriendlyName: null,
  SolutionDescription: null,
  PublisherUniqueName: null,
  PublisherFriendlyName: null,
  PreviousSolutionUniqueName: null,
  PreviousSolutionFriendlyName: null,
  PreviousPublisherUniqueName: null,
  PreviousPublisherFriendlyName: null,
  IsPatchSolution: null,
  IsManaged: null,
  PreviousIsManaged: null,
  SolutionVersion: null,
  PreviousSolutionVersion: null,
  PreviousPatchSolutionsNames: null,
  IsPrerequisitesExport: null,
  HasPendingUpgrade: null,
  IsCabFile: null,
}

function details(content: ArchiveContent, call: Call): object {
  const previous = findSolution(call.environment, content.uniqueName)
  const publisher =
    previous === undefined
      ? undefined
      : call.environment.store.get('publisher', text(previous, 'publisherid'))
  return {
    SolutionUniqueName: content.uniqueName,
    SolutionFriendlyName: content.friendlyName,
    SolutionDescription: content.description,
    PublisherUniqueName: content.publisher.uniqueName,
    PublisherFriendlyName: content.publisher.friendlyName,
    PreviousSolutionUniqueName: previous?.['uniquename'] ?? null,
    PreviousSolutionFriendlyName: previous?.['friendlyname'] ?? null,
    PreviousPublisherUniqueName: publisher?.['uniquename'] ?? null,
    PreviousPublisherFriendlyName: publisher?.['friendlyname'] ?? null,
    IsPatchSolution: patchedSolution(content.uniqueName) !== undefined,
    IsManaged: content.managed,
    // False and not null when there is no previous solution.
    PreviousIsManaged: previous?.['ismanaged'] === true,
    SolutionVersion: content.version,
    PreviousSolutionVersion: previous?.['version'] ?? null,
    PreviousPatchSolutionsNames:
      previous === undefined
        ? []
        : patchesOf(call.environment, previous).map((row) => text(row, 'uniquename')),
    IsPrerequisitesExport: false,
    HasPendingUpgrade: holdingOf(call.environment, content.uniqueName) !== undefined,
    IsCabFile: false,
  }
}

function missing(content: ArchiveContent, call: Call): readonly object[] {
  return unmetDependencies(call.environment, content).map((item) => ({
    CanResolveMissingDependency: isProductUpdate(item),
    MissingPackages: [],
    ...end('Dependent', item.dependent, content),
    ...end('Required', item.required, content),
    RequiredSolutionName: item.required['solution'] ?? null,
  }))
}

function end(prefix: string, side: DependencyEnd, content: ArchiveContent): object {
  const component = content.components.find(({ key }) => key === endKey(side))
  return {
    [`${prefix}ComponentDisplayName`]: side['displayName'] ?? null,
    [`${prefix}ComponentId`]: normalizeGuid(side['id']) ?? component?.objectId ?? EMPTY_GUID,
    [`${prefix}ComponentParentDisplayName`]: side['parentDisplayName'] ?? null,
    [`${prefix}ComponentParentSchemaName`]: side['parentSchemaName'] ?? null,
    [`${prefix}ComponentSchemaName`]: side['schemaName'] ?? null,
    [`${prefix}ComponentType`]: side['type'] ?? null,
  }
}

/** The kinds that a stage answer lists, with the attributes it gives of each, in its order. */
const LISTED: Readonly<Record<string, { readonly name: string; readonly attributes: readonly string[] }>> = {
  Entity: { name: 'entity', attributes: ['name'] },
  connectionreference: {
    name: 'connectionreference',
    attributes: [
      'connectorid',
      'connectionreferencelogicalname',
      'connectionreferencedisplayname',
      'description',
    ],
  },
  environmentvariabledefinition: {
    name: 'EnvironmentVariableDefinition',
    attributes: [
      'schemaname',
      'displayname',
      'description',
      'type',
      'defaultvalue',
      'isrequired',
      'parameterkey',
      'parentdefinitionid',
      'apiid',
    ],
  },
  environmentvariablevalue: {
    name: 'EnvironmentVariableValue',
    attributes: ['schemaname', 'environmentvariablevalueid', 'value'],
  },
}

function componentDetails(content: ArchiveContent, call: Call): readonly object[] {
  const present = layersByComponent(call.environment)
  const solution = detail(
    content.friendlyName,
    'solution',
    'Unknown',
    ['localizedname', 'description'],
    [content.friendlyName, content.description],
  )
  const ordered = Object.keys(LISTED).flatMap((typeName) =>
    content.components.filter((item) => item.typeName === typeName),
  )
  return [solution, ...ordered.map((component) => componentDetail(component, present.has(component.key)))]
}

function componentDetail(component: Component, isPresent: boolean): object {
  const listed = LISTED[component.typeName]
  const names = listed?.attributes ?? []
  const own: Readonly<Record<string, Value | undefined>> = {
    name: component.schemaName,
    environmentvariablevalueid: component.objectId,
    ...component.attributes,
  }
  const shown =
    component.typeName === 'connectionreference' || component.typeName === 'environmentvariablevalue'
      ? component.schemaName
      : component.displayName
  return detail(
    shown,
    listed?.name ?? component.typeName,
    isPresent ? 'True' : 'False',
    names,
    names.map((name) => asText(own[name] ?? '')),
  )
}

/** Every value is text: booleans in lower case here, but `True` and `False` in `IsPresentInOrg`. */
function detail(
  name: string,
  typeName: string,
  isPresent: 'True' | 'False' | 'Unknown',
  keys: readonly string[],
  values: readonly string[],
): object {
  return {
    ComponentName: name,
    ComponentTypeName: typeName,
    IsPresentInOrg: isPresent,
    Attributes: { Count: keys.length, Keys: keys, Values: values },
  }
}
