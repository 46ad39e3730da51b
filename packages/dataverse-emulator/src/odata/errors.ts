/** Code, text, and the HTTP status where it is not 400. */
type Refusal = readonly [code: string, template: string, status?: number]

/**
 * The refusals that the emulator gives, by name: code and text of the service; `{0}`, `{1}` … are filled in. Codes and templates are those of Microsoft's list of web service error codes; the ones that the list
 * lacks (`0x80060888`, `0x80048d19`, `0x8004f066`) were seen on the wire.
 */
const REFUSALS = {
  badUrl: ['0x80060888', '{0}'],
  notFoundPath: ['0x80060888', "Resource not found for the segment '{0}'.", 404],
  badPayload: [
    '0x80048d19',
    "Error identified in Payload provided by the user for Entity :'{0}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: {1}",
  ],
  noSuchRow: ['0x80040217', "Entity '{0}' With Id = {1} Does Not Exist", 404],
  noSuchKey: ['0x80060891', 'A record with the specified key values does not exist in {0} entity', 404],
  noSuchTable: [
    '0x80041102',
    "The entity with a name = '{0}' with namemapping = 'Logical' was not found in the MetadataCache.",
  ],
  requiredMissing: ['0x80040200', "Required field '{0}' is missing."],
  invalidArgument: ['0x80040203', '{0}'],
  unexpected: ['0x80040216', 'An unexpected error occurred.', 500],
  privilege: [
    '0x80040220',
    "Principal user (Id={0}, type=8, roleCount={1}, privilegeCount={2}, accessMode=4) is missing {3} privilege on OTC={4} for entity '{5}'. context.Caller={0}",
    403,
  ],
  userDisabled: [
    '0x80040225',
    'The specified user is either disabled or is not a member of any business unit.',
    403,
  ],
  noRoles: ['0x80042f09', 'The user has not been assigned any roles.', 403],
  notAMember: ['0x80072560', 'The user is not a member of the organization.', 403],
  duplicateKey: ['0x80040237', 'A record with matching key values already exists.', 412],
  duplicateJobId: [
    '0x80040237',
    'A duplicate import job id already exists : {0} => Cannot insert duplicate key.',
  ],
  choiceOutOfRange: [
    '0x8004431a',
    "A validation error occurred. The value {0} of '{1}' on record of type '{2}' is outside the valid range. Accepted Values: {3}",
  ],
  tooLong: [
    '0x80044331',
    "A validation error occurred. The length of the '{0}' attribute of the '{1}' entity exceeded the maximum allowed length of '{2}'.",
  ],
  staleEtag: [
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
    412,
  ],
  versionNotServed: ['0x8006088a', "The requested resource (API version {0}) isn't supported.", 501],
  badStageUpload: ['0x8004f066', 'The StageSolutionUploadId {0} is invalid or has expired.'],
  wrongVerb: ['', "The requested resource does not support http method '{0}'.", 405],
  requestLimit: [
    '0x80072322',
    'Number of requests exceeded the limit of {0} over time window of {1} seconds.',
    429,
  ],
  timeLimit: [
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of {0} milliseconds over time window of {1} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
    429,
  ],
  concurrencyLimit: ['0x80072326', 'Number of concurrent requests exceeded the limit of {0}.', 429],
  busy: [
    '0x80071151',
    'Cannot start {0} because there is {1} running at this moment. Use Solution History for more details. -- The solution installation or removal failed due to the installation or removal of another solution at the same time. Please try again later.',
    429,
  ],
  // Solutions
  wrongPublisher: [
    '0x8004801c',
    'The following managed solution cannot be imported: {0}. The publisher name cannot be changed from {1} to {2}.',
  ],
  missingDependencies: [
    '0x8004801d',
    'The following solution cannot be imported: {0}. Some dependencies are missing. The missing dependencies are : {1} , ProductUpdatesOnly : {2}',
  ],
  missingComponent: [
    '0x8004801f',
    'Cannot add a Root Component {0} of type {1} because it is not in the target system.',
  ],
  exportManaged: [
    '0x80048036',
    'An error occurred while exporting a solution. Managed solutions cannot be exported.',
  ],
  exportMissing: [
    '0x80048037',
    'An error occurred while exporting a solution. The solution does not exist in this system.',
  ],
  exportDefault: ['0x80048048', 'The default solution cannot be exported as a package.'],
  managedOverUnmanaged: [
    '0x80048040',
    'The solution is already installed on this system as an unmanaged solution and the package supplied is attempting to install it in managed mode. Import can only update solutions when the modes match. Uninstall the current solution and try again.',
  ],
  unmanagedOverManaged: [
    '0x80048041',
    'The solution is already installed on this system as a managed solution and the package supplied is attempting to install it in unmanaged mode. Import can only update solutions when the modes match. Uninstall the current solution and try again.',
  ],
  badZip: [
    '0x80048060',
    'The solution file is invalid. The compressed file must contain the following files at its root: solution.xml, customizations.xml, and [Content_Types].xml. Customization files exported from previous versions of Microsoft Dynamics 365 are not supported.',
  ],
  badPartName: [
    '0x80048060',
    "The solution file is invalid. The entry '{0}' is no part of the package: its name is not a part name.",
  ],
  // How the service words a named file that is missing was seen for connectors; a code of its own is documented for
  // canvas apps and reports.
  namedFileMissing: [
    '0x80048033',
    "An error occurred while importing a Solution. The file '{0}', which {1} names, was not found in the import zip file.",
  ],
  connectorFileMissing: ['0x80048033', "Connector Import Failed: File Not Found: '{0}', which {1} names."],
  canvasFileMissing: [
    '0x80072354',
    "The request to import a canvas app should contain at least one asset file. Missing: '{0}', which {1} names.",
  ],
  reportFileMissing: [
    '0x80048032',
    "An error occurred while importing Reports. The file '{0}', which {1} names, was not found in the import zip file.",
  ],
  unprocessedFiles: ['0x80048033', 'Unprocessed files found in the import zip file: {0}.'],
  duplicateComponent: ['0x80071153', 'Duplicate Component is present in the XML. {0}'],
  invalidByXsd: [
    '0x8004801a',
    "The import file is invalid. XSD validation failed with the following error: '{0}'.",
  ],
  notWellFormed: ['0x80048013', 'Invalid customization file. This file is not well formed.'],
  patchedSolution: ['0x80048538', 'Cannot modify solution because it has the following patches: {0}.'],
  cloneFailed: ['0x80048539', 'Operation on clone solution failed. {0}'],
  noUpgradePending: ['0x8004853b', 'The {0} solution doesn’t have an upgrade that is ready to be applied.'],
  upgradeWrongSolution: [
    '0x8004853c',
    'To use this action, you must first select the old solution and then try again.',
  ],
  patchMissingBase: [
    '0x80048540',
    "You can't import the patch ({0}) for the solution ({1}) because the solution isn't present. The operation has been canceled.",
  ],
  lowerVersionUpgrade: [
    '0x80048541',
    'The import solution must have a higher version than the existing solution it is upgrading.',
  ],
  removeFromDefault: ['0x8004f000', 'A Solution Component cannot be removed from the Default Solution.'],
  badUniqueName: [
    '0x8004f002',
    'Invalid character specified for solution unique name. Only characters within the ranges [A-Z], [a-z], [0-9] or _ are allowed. The first character may only be in the ranges [A-Z], [a-z] or _.',
  ],
  deleteRestricted: ['0x8004f005', 'Attempting to delete a restricted solution.'],
  deleteRestrictedPublisher: ['0x8004f006', 'Attempting to delete a restricted publisher.'],
  updateDefault: [
    '0x8004f009',
    'Default solution attribute {0} can only be set on installation or upgrade.  The value cannot be modified.',
  ],
  updateRestricted: ['0x8004f00a', 'Restricted solution ({0}) cannot be updated.'],
  notAComponent: [
    '0x8004f018',
    'This item is not a valid solution component. For more information about solution components, see the Microsoft Dynamics CRM SDK documentation.',
  ],
  noComponentDefinition: ['0x8004f019', 'No component definition exists for the component type {0}.'],
  uninstallDependencies: ['0x8004f01d', 'Solution dependencies exist, cannot uninstall.'],
  badVersion: ['0x8004f01e', 'An invalid solution version was specified.'],
  componentInUse: [
    '0x8004f01f',
    'The {0}({1}) component cannot be deleted because it is referenced by {2} other components. For a list of referenced components, use the RetrieveDependenciesForDeleteRequest.',
  ],
  componentNotInSolution: ['0x8004f021', 'Cannot find solution component {0} {1} in solution {2}.'],
  restrictedName: [
    '0x8004f022',
    "The solution unique name '{0}' is restricted and can only be used by internal solutions.",
  ],
  nameInUse: ['0x8004f023', "The solution unique name '{0}' is already being used and cannot be used again."],
  updateManaged: ['0x8004f024', "Cannot update solution '{0}' because it is a managed solution."],
  readOnlyPublisher: ['0x8004f033', 'Attempting to update a readonly publisher.'],
  samePatchVersion: [
    '0x8004f042',
    'Solution patch with version {0} already exists. Updating patch is not supported.',
  ],
  upgradeFailed: [
    '0x8004f046',
    'Solution Upgrade action failed after import as holding. InnerException is: {0}.',
  ],
  higherPatch: [
    '0x80061771',
    "Patch '{0}' has a matching or higher version ({1}) than that of the patch being installed.",
  ],
  flowFailure: ['0x80060467', 'Flow client error returned with status code "{0}" and details "{1}".'],
  managedProcess: [
    '0x80072457',
    'The process is part of a managed solution and cannot be individually deleted. Uninstall the parent solution to remove the process.',
  ],
} as const satisfies Record<string, Refusal>

export type RefusalName = keyof typeof REFUSALS

/** A refusal of the Web API: status, code as lower-case hex (or empty), message. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(message, options)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.headers = options?.headers ?? {}
  }
}

export function refuse(name: RefusalName, ...words: readonly (string | number)[]): ApiError {
  const [code, template, status = 400]: Refusal = REFUSALS[name]
  return new ApiError(status, code, fill(template, words))
}

function fill(template: string, words: readonly (string | number)[]): string {
  return template.replace(/\{(\d)\}/g, (_, index: string) => String(words[Number(index)] ?? ''))
}

/** `0x8004801d` as the signed number of `errorcode` columns: -2147188707. */
export function signedCode(code: string): number {
  return Number.parseInt(code, 16) | 0
}
