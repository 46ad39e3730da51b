import type { DataverseClient } from '../pipeline/client.ts'
import { ifTold } from '../pipeline/if-told.ts'
import { normalizeCode } from '../pipeline/error-code.ts'
import { asRow, isRow, optionalText, rows, text, texts, truth } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

export interface StageFinding {
  readonly level: 'error' | 'warning' | 'information'
  readonly code: string
  readonly message: string
  readonly detail: string
}

/** One end of a dependency. */
export interface ComponentName {
  readonly type: string
  readonly schemaName: string
  readonly displayName: string
  readonly parent: string
  /** The solution that supplies it, with its version, such as `CoreScripts (1.0.0.3)`; `Active` means nobody's. */
  readonly solution: string
}

export interface MissingDependency {
  readonly required: ComponentName
  readonly dependent: ComponentName
}

/** A component of the archive, as the service read it. */
export interface StagedComponent {
  readonly name: string
  /** Such as `entity`, `connectionreference`, `EnvironmentVariableDefinition`, `EnvironmentVariableValue`. */
  readonly type: string
  readonly isPresent: boolean
  readonly attributes: ReadonlyMap<string, string>
}

/** What the environment says about an archive before anything is imported. */
export interface StageResult {
  /** Set only when staging passed. It expires, so it is used soon or not at all. */
  readonly uploadId: string | undefined
  readonly passed: boolean
  readonly findings: readonly StageFinding[]
  readonly missingDependencies: readonly MissingDependency[]
  readonly components: readonly StagedComponent[]
}

const NO_ID = '00000000-0000-0000-0000-000000000000'
const UPLOAD_TIMEOUT_MS = 20 * 60_000

/**
 * Uploads an archive and has it checked. It changes nothing in the environment (in spite of its name it makes no
 * holding solution), so it may be repeated. A package that cannot be imported is HTTP 200 with `passed: false`.
 */
export async function stageSolution(client: DataverseClient, archive: Uint8Array): Promise<StageResult> {
  const answer = asRow(
    await client.post(
      'StageSolution',
      { CustomizationFile: archive },
      { repeatable: true, timeoutMs: UPLOAD_TIMEOUT_MS },
    ),
    'StageSolution',
  )
  const result = asRow(answer['StageSolutionResults'], 'StageSolution')
  const id = optionalText(result, 'StageSolutionUploadId')
  const passed = text(result, 'StageSolutionStatus', 'StageSolution') === 'Passed'
  return {
    uploadId: passed && id !== undefined && id !== NO_ID ? id : undefined,
    passed,
    findings: rows(result['SolutionValidationResults']).map(finding),
    missingDependencies: rows(result['MissingDependencies']).map((row) => ({
      required: componentName(row, 'Required'),
      dependent: componentName(row, 'Dependent'),
    })),
    components: rows(result['SolutionComponentsDetails']).map(stagedComponent),
  }
}

/**
 * Removes the upload of a staging that is not used. A failure is only logged: uploads expire by themselves.
 * @returns whether it was there and is gone, so that no import can name it any more
 */
export async function deleteStageUpload(client: DataverseClient, uploadId: string): Promise<boolean> {
  const isGone = await ifTold(
    client,
    () => client.delete(`stagesolutionuploads(${uploadId})`, { repeatable: true }).then(() => true),
    (why) => client.log.debug(`The staged upload ${uploadId} stays until it expires: ${why}`),
  )
  return isGone === true
}

function finding(row: Row): StageFinding {
  const level = optionalText(row, 'SolutionValidationResultType') ?? ''
  return {
    // `Info` and `Information` are both seen for the same thing.
    level: level === 'Error' ? 'error' : level === 'Warning' ? 'warning' : 'information',
    code: normalizeCode(row['ErrorCode']),
    message: optionalText(row, 'Message') ?? '',
    detail: optionalText(row, 'AdditionalInfo') ?? '',
  }
}

function componentName(row: Row, end: 'Required' | 'Dependent'): ComponentName {
  return {
    type: optionalText(row, `${end}ComponentType`) ?? '',
    schemaName: optionalText(row, `${end}ComponentSchemaName`) ?? '',
    displayName: optionalText(row, `${end}ComponentDisplayName`) ?? '',
    parent:
      optionalText(row, `${end}ComponentParentSchemaName`) ??
      optionalText(row, `${end}ComponentParentDisplayName`) ??
      '',
    solution: end === 'Required' ? (optionalText(row, 'RequiredSolutionName') ?? '') : '',
  }
}

/** `Keys` and `Values` are parallel lists in no promised order. */
function stagedComponent(row: Row): StagedComponent {
  const attributes = isRow(row['Attributes']) ? row['Attributes'] : {}
  const values: readonly unknown[] = Array.isArray(attributes['Values']) ? attributes['Values'] : []
  return {
    name: optionalText(row, 'ComponentName') ?? '',
    type: optionalText(row, 'ComponentTypeName') ?? '',
    isPresent: truth(row, 'IsPresentInOrg'),
    attributes: new Map(
      texts(attributes['Keys']).map((key, index) => {
        const value = values[index]
        return [key, typeof value === 'string' ? value : '']
      }),
    ),
  }
}
